using System.Globalization;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Descriptors.Reading;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Resolves a configuration against a model and checks all that can be known before any tensor exists.</summary>
internal sealed class Binder
{
    private readonly CallableModel model;
    private readonly ModuleTree modules;
    private readonly Stages stages;
    private readonly Lazy<FlattenedModules> flattened;
    private readonly Tensor? anyTensor;

    public Binder(CallableModel model)
    {
        this.model = model;
        modules = new ModuleTree(model.Root);
        stages = new Stages(model.Blocks);
        flattened = new(() => FlattenedModules.Of(model.ClassName));
        // a fixed transform has neither, and computes where its input lies
        anyTensor = model.Root.parameters().FirstOrDefault() ?? model.Root.buffers().FirstOrDefault(buffer => buffer.is_floating_point());
        if (anyTensor is null && !model.Root.named_children().Any())
        {
            throw new InterventionException("model", $"{model.ClassName} has no parameters and no modules; was RegisterComponents called?");
        }
    }

    /// <summary>Resolves every intervention of a configuration, in its order.</summary>
    /// <exception cref="InterventionException">The configuration does not fit the model.</exception>
    public IReadOnlyList<BoundIntervention> Bind(InterventionConfig config)
    {
        var architecture = FindArchitecture(config);
        var sizes = architecture is null ? null : new ArchitectureSizes(architecture, model.Config);
        if (config.Sources < 0)
        {
            throw new InterventionException("sources", $"The number of sources is {config.Sources}; it must be at least 0.");
        }

        SameName.Refuse(config.Interventions);
        if (config.Mode == CompositionMode.Serial && !config.Interventions.IsEmpty && !config.Interventions.Any(spec => spec.Intervention.Writes))
        {
            throw new InterventionException(
                "interventions",
                "No intervention writes anything, so there is nothing to hand on from source to source; use CompositionMode.Parallel to collect.");
        }

        return [.. config.Interventions.Select((spec, index) => Bind(spec, index, config, architecture, sizes))];
    }

    private ArchitectureDescriptor? FindArchitecture(InterventionConfig config)
    {
        var className = model.ClassName;
        if (config.Architecture is null)
        {
            return null;
        }

        if (!ArchitectureDescriptor.TryFind(config.Architecture, out var descriptor))
        {
            throw new InterventionException(
                "architecture",
                $"The configuration is for '{config.Architecture}', which no descriptor describes; known are "
                    + $"{string.Join(", ", ArchitectureDescriptor.KnownKeys)}.{NearestName.Suggestion(config.Architecture, ArchitectureDescriptor.KnownKeys)}");
        }

        return descriptor.Classes.ContainsKey(className)
            ? descriptor
            : throw new InterventionException(
                "architecture",
                $"The configuration is for '{config.Architecture}' ({string.Join(", ", descriptor.Classes.Keys)}), but the model is a {className}.");
    }

    private BoundIntervention Bind(InterventionSpec spec, int index, InterventionConfig config, ArchitectureDescriptor? architecture, ArchitectureSizes? sizes)
    {
        var where = BoundIntervention.NameOf(index, spec, spec.Site.Unit == PositionUnit.Step);
        var component = FindComponent(spec.Site, where, architecture);
        if (component?.Axes.Contains("step") == true) where = BoundIntervention.NameOf(index, spec, isStepwise: true);
        var path = component is null ? spec.Site.ModulePath! : PathOf(component, spec.Site, where, architecture!, sizes!);
        var side = component?.Side ?? spec.Site.Side;
        sizes = spec.Site.Layer is { } layer ? sizes?.In(layer) : sizes;
        var point = PointAt(where, path, side, component is null ? spec.Site.Item : ItemOf(where, component, path));
        var isStepwise = IsStepwise(spec.Site, component, where);
        int? headAxis = component?.Heads is null && spec.Site is { HeadCount: null, HeadAxis: null } ? null : 1;

        SiteHeads.Check(spec.Site, where, component, sizes);
        if (!spec.Intervention.Writes && spec.Site.Features?.Index.IsRagged == true)
        {
            throw new InterventionException(
                "features",
                $"{where}: what is collected needs the same number of features in every example; "
                    + $"they have {string.Join(", ", spec.Site.Features.Index.Rows.Select(row => row.Length))}.");
        }

        if (spec.Site is { During.IncludesPrompt: false, At: not null })
        {
            throw new InterventionException(
                "positions",
                $"{where}: positions choose places of the prompt, but it acts on generated tokens alone, which have none. Leave At out, let it act in the "
                    + "prompt too (Steps.Prompt.And(…)), or give the position of a source alone (\"read_at\").");
        }

        if (spec.Intervention.Adapts) AdaptorPlace.Check(where, point, headAxis is not null);
        else if (spec.Intervention.ReadsModuleInput && component?.View.Count > 0)
        {
            throw new InterventionException(
                "component",
                $"{where}: '{component.Name}' is a part of what its module returns, so the module's input cannot stand in for it; "
                    + "choose a component that is a module's whole output.");
        }

        if (component?.Width is { } width && sizes!.TryEvaluate(width) is { } features)
        {
            if (spec.Intervention is Learned learned)
            {
                LearnedPlace.CheckWidth(learned.Module, features, where);
            }
            else
            {
                IndexRange.Check(spec.Site.Features?.Index, features, "features", where, $"{spec.Site.Whole} is {features} wide");
            }
        }

        if (spec.Intervention is Learned { Module: var module })
        {
            LearnedPlace.CheckDimensions(module, spec.Site.Features?.Index, where);
            if (module.parameters().FirstOrDefault() is { } own
                && anyTensor is not null
                && (own.device_type != anyTensor.device_type || own.device_index != anyTensor.device_index))
            {
                module.to(anyTensor.device);
            }
        }

        // In series the number also says into which run an intervention is written.
        var needsSource = spec.Intervention.Source != SourceNeed.None && spec.Constant is null;
        if ((needsSource || config.Mode == CompositionMode.Serial) && (spec.Source < 0 || spec.Source >= Math.Max(config.Sources, 1)))
        {
            throw new InterventionException(
                "source",
                $"{where} {(needsSource ? "reads" : "belongs to")} source {spec.Source}, but the experiment has "
                    + $"{config.Sources}{(config.Sources > 0 ? $" (0 to {config.Sources - 1})" : "")}.");
        }

        if (spec.Intervention.Source == SourceNeed.Required && spec.Constant is null && config.Sources == 0)
        {
            throw new InterventionException("sources", $"{where} reads a source, but the experiment has none. Set \"sources\", or give a constant.");
        }

        var view = component?.View ?? ViewOf(spec.Site);
        var isFlattened = component is null ? flattened.Value.Contains(point.Path) : view is [ViewStep.Tokens, ..];
        if (isFlattened && component is null && (spec.Site.At ?? spec.Site.ReadAt) is not null) view = [new ViewStep.Tokens(ViewStep.BatchSize), .. view];
        return new BoundIntervention
        {
            Index = index,
            Spec = spec,
            Point = point,
            ReadPoint = spec.Intervention.ReadsModuleInput ? PointAt(where, path, HookSide.Input, 0) : point,
            View = view,
            IsFlattened = isFlattened,
            IsStepwise = isStepwise,
            StepsArePositions = component is not null,
            Along = component is null ? model.PositionAxisOf(point.Path) : component.Axes.FirstOrDefault(Axes.IsPosition) ?? model.PositionAxisOf(point.Path),
            HeadAxis = headAxis,
            PositionAxis = component is { Heads: not null, View.Count: 0 } || spec.Site.HeadAxis == 1 ? 2 : 1,
            Size = component is null ? Number : expression => sizes![expression],
            Width = component?.Width is { } expected ? sizes!.TryEvaluate(expected) : null,
            Constant = BindConstant(spec, where, component, sizes),
        };

        // The view of a module path has the numbers themselves.
        static long Number(string expression) => long.Parse(expression, CultureInfo.InvariantCulture);
    }

    private ComponentDescriptor? FindComponent(SiteSpec site, string where, ArchitectureDescriptor? architecture)
    {
        if ((site.Component is null) == (site.ModulePath is null))
        {
            throw new InterventionException("component", $"{where} must name either a component or a module path.");
        }

        if (site.Component is not { } name)
        {
            return null;
        }

        if (architecture is null)
        {
            throw new InterventionException("architecture", $"{where} names a component, so the configuration must name the architecture that has it.");
        }

        if (!architecture.TryFindComponent(name, out var component))
        {
            var names = architecture.Components.Select(item => item.Name);
            throw new InterventionException(
                "component",
                $"{where}: '{architecture.Key}' has no component '{name}'.{NearestName.Suggestion(name, names)} It has {string.Join(", ", names)}.");
        }

        ComponentGate.Check(component, model.ClassName, model.Config, site.Layer, where);
        return component;
    }

    private string PathOf(ComponentDescriptor component, SiteSpec site, string where, ArchitectureDescriptor architecture, ArchitectureSizes sizes)
    {
        var path = architecture.PathOf(component, model.ClassName);
        if (!component.IsPerLayer)
        {
            return site.Layer is null && site.Sublayer is null
                ? path
                : throw new InterventionException("layer", $"{where}: '{component.Name}' exists once, not in every layer; leave the layer out.");
        }

        if (site.Layer is not { } layer)
        {
            throw new InterventionException("layer", $"{where}: '{component.Name}' exists in every layer; say which.");
        }

        var count = (component.LayerCount ?? architecture.LayerCount) is { } expression ? sizes[expression] : long.MaxValue;
        return layer >= 0 && layer < count
            ? InSublayer(path.Replace("[layer]", $"[{layer}]", StringComparison.Ordinal), component, site, where, sizes.In(layer))
            : throw new InterventionException("layer", $"{where}: layer {layer} is out of range; {model.ClassName} has {count} layers (0 to {count - 1}).");
    }

    private static string InSublayer(string path, ComponentDescriptor component, SiteSpec site, string where, ArchitectureSizes sizes)
    {
        if (!component.IsPerSublayer)
        {
            return site.Sublayer is null ? path : throw new InterventionException(
                "sublayer", $"{where}: '{component.Name}' exists once a layer, not in every layer inside of it; leave the sublayer out.");
        }

        if (site.Sublayer is not { } sublayer)
        {
            throw new InterventionException("sublayer", $"{where}: '{component.Name}' exists in every layer inside of a layer; say which.");
        }

        var count = component.SublayerCount is { } expression ? sizes[expression] : long.MaxValue;
        return sublayer >= 0 && sublayer < count
            ? path.Replace("[sublayer]", $"[{sublayer}]", StringComparison.Ordinal)
            : throw new InterventionException("sublayer", $"{where}: sublayer {sublayer} is out of range; layer {site.Layer} has {count} (0 to {count - 1}).");
    }

    private int ItemOf(string where, ComponentDescriptor component, string path) => component.Argument is { } argument
        ? ModuleSignature.ItemOf(modules.Find(path, where), argument, $"{where}: module '{ModuleTree.Normalise(path)}'")
        : component.Item;

    private HookPoint PointAt(string where, string path, HookSide side, int item) =>
        new(ModuleTree.Normalise(path), modules.Find(path, where), side, item, stages.Of(ModuleTree.Normalise(path)));

    /// <summary>Tells whether positions are time steps: the component's axes say so, or the site does for a module path.</summary>
    private static bool IsStepwise(SiteSpec site, ComponentDescriptor? component, string where)
    {
        var hasSteps = component?.Axes.Contains("step") ?? site.Unit == PositionUnit.Step;
        return site.Unit is not { } unit || hasSteps == (unit == PositionUnit.Step)
            ? hasSteps
            : throw new InterventionException("unit", hasSteps
                ? $"{where}: {site.Whole} is one value a time step, so its positions are steps. Leave the unit out."
                : $"{where}: {site.Whole} has no time steps; they exist in recurrent models only. Leave the unit out, so that positions are positions.");
    }

    private static IReadOnlyList<ViewStep> ViewOf(SiteSpec site) =>
        site.HeadCount is { } count ? [new ViewStep.Heads(count.ToString(CultureInfo.InvariantCulture))]
        : site.HeadAxis == 2 ? [new ViewStep.HeadsBehindPositions()]
        : [];

    private Tensor? BindConstant(InterventionSpec spec, string where, ComponentDescriptor? component, ArchitectureSizes? sizes)
    {
        if (spec.Constant is not { } constant)
        {
            return null;
        }

        if (spec.Intervention.Source == SourceNeed.None)
        {
            throw new InterventionException("constant", $"{where} reads no source, so a constant has no use there; leave it out.");
        }

        var features = spec.Intervention.HasOwnSpace || spec.Site.Features?.Index.IsRagged == true ? null : spec.Site.Features?.Index.Count;
        var width = component?.Width is { } expression ? sizes!.TryEvaluate(expression) : null;
        if (width is { } whole && constant.Shape[^1] != whole && constant.Shape[^1] != features)
        {
            var chosen = features is null ? "" : $", and {features} of its features are chosen";
            throw new InterventionException(
                "constant", $"{where}: the constant has shape [{string.Join(", ", constant.Shape)}], but the place is {whole} wide{chosen}.");
        }

        var values = tensor([.. constant.Values], [.. constant.Shape], dtype: float32).to(anyTensor?.dtype ?? float32);
        CheckFinite(constant, values, where);
        return (anyTensor is null ? values : values.to(anyTensor.device)).DetachFromDisposeScope();
    }

    /// <summary>Checks that a constant is finite in the model's own dtype: one NaN in it makes every value behind it NaN.</summary>
    private static void CheckFinite(ConstantSource constant, Tensor values, string where)
    {
        using var scope = NewDisposeScope();
        if (values.isfinite().all().item<bool>())
        {
            return;
        }

        var first = (int)values.flatten().isfinite().logical_not().to(int64).argmax().item<long>();
        var given = constant.Values[first];
        throw new InterventionException("constant", float.IsFinite(given)
            ? string.Create(CultureInfo.InvariantCulture, $"{where}: element {first} of the constant is {given:G6}, which is beyond what {values.dtype}, the "
                + $"model's dtype, can hold.")
            : string.Create(CultureInfo.InvariantCulture, $"{where}: element {first} of the constant is {(float.IsNaN(given) ? "NaN" : "infinite")}; every "
                + $"value must be a finite number. A division by a norm of 0 makes such values."));
    }
}
