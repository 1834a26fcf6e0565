using Pyvene.Typed.Models;
using Pyvene.Typed.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Models;

/// <summary>Runs the cases of a <c>taps.jsonl</c>: the first line is a plain run, each further one the value of a component in that run, seen by a hook.</summary>
internal sealed class TapCases(string path, LoadedModels models)
{
    private readonly Lazy<IReadOnlyDictionary<string, long>> _sizes = new(() => TapTransform.ReadSizes(Path.Combine(Path.GetDirectoryName(path)!, "components.json")));

    /// <summary>Runs the case and compares its output or the value that the hook saw.</summary>
    public void Check(GoldenCase golden, Comparison comparison)
    {
        using var untracked = no_grad();
        var run = golden.Field("path") is null ? golden : new GoldenFile(path).Cases().First();
        var model = models.Of(run);
        var inputs = ModelCall.Inputs(run, run.Required("inputs")) with { UseCache = false };
        if (run == golden)
        {
            var output = model.call(inputs);
            ModelCall.Compare(golden, golden.Required("out"), output, comparison, golden.Tolerance(Tolerance.Forward), null);
            return;
        }

        var seen = Watch(model, inputs, golden);
        comparison.Holds(seen is not null, "the hook was never called");
        if (seen is null) return;
        var value = TapTransform.Apply(seen, golden.Required("transform"), _sizes.Value, inputs);
        comparison.Tensor("value", value, golden.Tensor(golden.Required("value")), golden.Tolerance(Tolerance.Forward));
    }

    private static Tensor? Watch(PretrainedModel model, ModelInputs inputs, GoldenCase golden)
    {
        var name = golden.Required("path").GetString()!.Replace("[", ".").Replace("]", "").TrimStart('.');
        var module = model.named_modules().FirstOrDefault(item => item.name == name).module ?? throw new InvalidDataException($"the model has no module '{name}'");
        if (golden.Field("tuple_index")?.GetInt32() is { } index and not 0) module = Second(module, index);

        Tensor? seen = null;
        void See(Tensor value) => seen ??= value.clone().DetachFromDisposeScope();
        var remove = Attach(module, golden.Text("side") == "input", See);
        try
        {
            model.call(inputs);
            return seen?.MoveToOtherDisposeScope(CurrentDisposeScope);
        }
        finally
        {
            remove();
        }
    }

    /// <summary>Our attention returns no tuple: what transformers returns second, the weights, is the one tap inside.</summary>
    private static nn.Module Second(nn.Module module, int index) => index == 1 && module.named_children().Select(child => child.module).OfType<Tap>().ToArray() is [var weights]
        ? weights
        : throw new UnsupportedCaseException($"value {index} of a {module.GetType().Name} is not supported yet");

    /// <summary>Registers a hook on the first input or the output of a module, and returns what removes it.</summary>
    private static Action Attach(nn.Module module, bool onInput, Action<Tensor> see)
    {
        switch (module)
        {
            case nn.Module<Tensor, Tensor> plain when onInput:
                return plain.register_forward_pre_hook((_, input) => { see(input); return null!; }).remove;
            case nn.Module<Tensor, Tensor> plain:
                return plain.register_forward_hook((_, _, output) => { see(output); return null!; }).remove;
            case nn.Module<Tensor, AttentionContext, Tensor> block when onInput:
                return block.register_forward_pre_hook((_, input, _) => { see(input); return null; }).remove;
            case nn.Module<Tensor, AttentionContext, Tensor> block:
                return block.register_forward_hook((_, _, _, output) => { see(output); return null!; }).remove;
            default:
                throw new UnsupportedCaseException($"hooks on a {module.GetType().Name} are not supported yet");
        }
    }
}
