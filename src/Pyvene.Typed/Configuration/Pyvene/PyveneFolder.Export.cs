using System.Globalization;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Configuration;

public sealed partial class PyveneFolder
{
    /// <summary>Returns the folder of an experiment, to be saved for pyvene. Positions and features are left out: pyvene takes them with every call.</summary>
    /// <param name="config">The experiment.</param>
    /// <param name="model">The model that it is for; it tells the widths that pyvene stores.</param>
    /// <returns>The folder in memory; the caller disposes it. Interventions with one module are linked where they act at one place, and have copies of it
    /// elsewhere: pyvene computes a link of two places wrongly.</returns>
    /// <exception cref="InterventionException">pyvene has no such intervention or component, cannot make its module, or cannot take the sources in this order;
    /// the message names the field.</exception>
    public static PyveneFolder Of(InterventionConfig config, PretrainedModel model)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(model);
        var architecture = config.Architecture is { } key && ArchitectureDescriptor.TryFind(key, out var found) ? found : null;
        var isPlain = config.Interventions.Select(spec => spec.Source).SequenceEqual(Enumerable.Range(0, config.Interventions.Length));
        var sites = new PyveneSites(architecture, model.Config, batch: 1);
        var entries = config.Interventions.Select((spec, index) => Entry(spec, index, architecture, isPlain ? null : spec.Source)).ToArray();
        var experiment = PyveneExperiment.Of(
            [.. entries.Select((entry, index) => Sized(entry, LearnedAt(index), sites) with { LinkKey = LinkOf(config, index) })], config.Mode);
        var states = new Dictionary<string, IReadOnlyDictionary<string, Tensor>>(StringComparer.Ordinal);
        foreach (var (index, entry) in experiment.Representations.Index())
        {
            if (LearnedAt(index) is { } learned)
            {
                states.Add(experiment.Keys[index], learned.State(entry));
            }
            else if (entry.Constant is { } constant)
            {
                states.Add(experiment.Keys[index], State(constant, entry.Dimension));
            }
        }

        return new PyveneFolder(experiment, states, model: null);

        PyveneLearned? LearnedAt(int index) => config.Interventions[index].Intervention is Learned learned ? new PyveneLearned(learned.Module, index) : null;
    }

    private static PyveneRepresentation Sized(PyveneRepresentation entry, PyveneLearned? learned, PyveneSites sites) =>
        learned?.Sized(entry, sites.Width(entry)) ?? entry with { Dimension = (int?)(sites.Width(entry) * entry.MaxUnits) };

    /// <summary>Returns the number that interventions with one module at one place have in common; <see langword="null"/> = there are no others.</summary>
    /// <remarks>At other places pyvene would take the values that the first one wrote for those of the next; without a link each has the same weights in a file
    /// of its own.</remarks>
    private static string? LinkOf(InterventionConfig config, int index)
    {
        if (config.Interventions[index] is not { Intervention: IStatefulIntervention stateful, Site: var site })
        {
            return null;
        }

        int[] linked = [.. config.Interventions.Index()
            .Where(item => item.Item.Intervention is IStatefulIntervention other && ReferenceEquals(other.StateOwner, stateful.StateOwner)
                && item.Item.Site with { Features = null } == site with { Features = null })
            .Select(item => item.Index)];
        return linked.Length > 1 ? linked[0].ToString(CultureInfo.InvariantCulture) : null;
    }

    private static PyveneRepresentation Entry(InterventionSpec spec, int index, ArchitectureDescriptor? architecture, int? group)
    {
        if (spec.Constant is { } given && spec.Site.Features is { } features && given.Shape[^1] == features.Index.Count)
        {
            throw new InterventionException("features", $"Intervention {index} has a constant for some features; pyvene stores constants of the whole width "
                + $"alone.");
        }

        if (spec.MatchedRandom is not null)
        {
            throw new InterventionException("matched_random", $"Intervention {index} changes its place in a random direction, which pyvene has not.");
        }

        var (component, layer) = Place(spec.Site, index, architecture);
        return new PyveneRepresentation
        {
            Layer = layer,
            Component = component,
            Unit = Unit(spec.Site, index, architecture),
            MaxUnits = Math.Max(1, UnitCount(spec.Site)),
            TypeName = PyveneTypes.NameOf(spec.Intervention),
            GroupKey = group,
            Constant = spec.Constant,
            HasStoredConstant = spec.Constant is not null,
        };
    }

    private static (string Component, int Layer) Place(SiteSpec site, int index, ArchitectureDescriptor? architecture)
    {
        if (site.ModulePath is { } path)
        {
            return ($"{path}.{site.Side.ToString().ToLowerInvariant()}", 0);
        }

        return architecture is not null && architecture.TryFindComponent(site.Component!, out var component) && component.PyveneName is { } name
            ? (name, site.Layer ?? 0)
            : throw new InterventionException("component", $"Intervention {index}: pyvene has no component '{site.Component}'.");
    }

    private static string Unit(SiteSpec site, int index, ArchitectureDescriptor? architecture)
    {
        if (site.HeadCount is not null || site.HeadAxis is not (null or 1))
        {
            throw new InterventionException(
                site.HeadAxis is null ? "head_count" : "head_axis",
                $"Intervention {index}: of a module, pyvene finds heads in the second axis alone (head_axis 1), "
                    + $"and splits none.");
        }

        var hasHeads = site.HeadAxis is not null || (site.Component is { } name
            && architecture is not null && architecture.TryFindComponent(name, out var component) && component.Heads is not null);
        return !hasHeads ? "pos" : site.At is null && site.Heads is not null ? "h" : "h.pos";
    }

    /// <summary>Returns how many positions an entry names, the number that pyvene puts into its name.</summary>
    private static int UnitCount(SiteSpec site) => site.At switch
    {
        Positions.Indices indices => indices.Values.Length,
        Positions.Rows rows => rows.Index.Rows[0].Length,
        Positions.Raw raw => raw.Index.Rows[0].Length,
        null => site.Heads?.Index.Rows[0].Length ?? 1,
        _ => 1,
    };

    /// <summary>Returns the tensors as pyvene names them.</summary>
    private static OrderedDictionary<string, Tensor> State(ConstantSource constant, int? dimension)
    {
        var state = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        if (dimension is { } size)
        {
            state.Add("embed_dim", tensor((long)size).DetachFromDisposeScope());
            state.Add("interchange_dim", tensor((long)size).DetachFromDisposeScope());
        }

        state.Add(Constant, tensor([.. constant.Values], [.. constant.Shape], dtype: float32).DetachFromDisposeScope());
        return state;
    }
}
