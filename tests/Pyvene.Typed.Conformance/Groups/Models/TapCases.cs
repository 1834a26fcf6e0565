using System.Runtime.CompilerServices;
using System.Text.Json;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Models;

/// <summary>
/// Runs the cases of a <c>taps.jsonl</c>: the first line is a plain run, each further one the value of a component in that run, seen by a hook.
/// </summary>
internal sealed class TapCases(string path, LoadedModels models)
{
    private readonly Lazy<IReadOnlyDictionary<string, long>> _sizes = new(() => TapTransform.ReadSizes(Path.GetDirectoryName(path)!));

    /// <summary>Runs the case and compares its output or the value that the hook saw.</summary>
    public void Check(GoldenCase golden, Comparison comparison)
    {
        using var untracked = no_grad();
        var run = golden.Field("path") is null ? golden : new GoldenFile(path).Cases().First();
        var model = models.Any(run);
        var inputs = model.Inputs(run) with { UseCache = false };
        if (run == golden)
        {
            var output = model.Named(run, model.Call(inputs));
            ModelCall.Compare(golden, golden.Required("out"), output, comparison, golden.Tolerance(Tolerance.Forward), null);
            return;
        }

        var site = SiteOf(model.Module, golden);
        var value = Part(Watch(model.Module, inputs, site));
        var expected = golden.Tensor(golden.Required("value"));
        if (expected.shape[0] == 1) value = value.narrow(0, 0, 1); // What every row shares is recorded once, as the module returns it.
        comparison.Tensor("value", value, expected, golden.Tolerance(Tolerance.Forward));
        foreach (var (edit, number) in golden.Field("edits") is { } edits ? edits.EnumerateArray().Select((edit, number) => (edit, number)) : [])
        {
            var output = model.Named(run, TapEdit.Run(model.Module, inputs, site, edit, Part));
            // Where an edit has no effect, the output is that of the plain run.
            var source = edit.TryGetProperty("out", out var after) ? after : run.Required("out");
            ModelCall.Compare(golden, source, output, comparison, golden.Tolerance(Tolerance.Forward), null, $"edits[{number}].");
        }

        Tensor Part(Tensor whole) => TapTransform.Apply(whole, golden.Required("transform"), _sizes.Value, inputs);
    }

    private static SiteSpec SiteOf(nn.Module model, GoldenCase golden)
    {
        var place = golden.Required("path").GetString()!.TrimStart('.');
        var item = golden.Field("argument") is { } argument ? Argument(model, place, argument) : 0;
        if (golden.Field("tuple_index")?.GetInt32() is { } index and not 0) (place, item) = Element(model, place, index);
        return new SiteSpec
        {
            ModulePath = place,
            Side = golden.Text("side") == "input" ? HookSide.Input : HookSide.Output,
            Item = item,
        };
    }

    /// <summary>Collects what the module takes or returns. Of a module that is called several times a run, the calls are axis 1.</summary>
    private static Tensor Watch(nn.Module model, ModelInputs inputs, SiteSpec site)
    {
        using var plan = InterventionPlan.Bind(
            model, new InterventionConfig { Interventions = [new InterventionSpec { Intervention = new Collect(), Site = site }] });
        using var run = plan.Run(inputs);
        return run.Collected[0].clone();
    }

    /// <summary>Finds an argument by its place or by its name; what a module reads first is called otherwise here than in transformers.</summary>
    private static int Argument(nn.Module model, string place, JsonElement argument) =>
        argument.ValueKind == JsonValueKind.Number ? argument.GetInt32()
        : argument.GetString() is { } name and not "hidden_states" ? ModuleSignature.ItemOf(ModuleAt(model, place), name, place)
        : 0;

    private static nn.Module ModuleAt(nn.Module model, string place)
    {
        var name = place.Replace("[", ".").Replace("]", "");
        return model.named_modules().FirstOrDefault(item => item.name == name).module ?? throw new InvalidDataException($"the model has no module '{name}'");
    }

    /// <summary>
    /// Finds a later element of what transformers returns: of a module that returns a tuple here, too, the same one. Our attention returns none: what
    /// transformers returns second, the weights, is the one tap inside.
    /// </summary>
    private static (string Place, int Item) Element(nn.Module model, string place, int index)
    {
        var name = place.Replace("[", ".").Replace("]", "");
        var module = ModuleAt(model, place);
        return module.GetType().BaseType!.GenericTypeArguments.LastOrDefault()?.IsAssignableTo(typeof(ITuple)) == true ? (place, index)
            : index == 1 && module.named_children().Where(child => child.module is Tap).ToArray() is [var weights]
            ? ($"{name}.{weights.name}", 0)
            : throw new UnsupportedCaseException($"value {index} of a {module.GetType().Name} is not supported yet");
    }
}
