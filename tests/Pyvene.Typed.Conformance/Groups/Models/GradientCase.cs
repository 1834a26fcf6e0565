using System.Text.Json;
using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Models;

/// <summary>Runs a case of <c>grads.jsonl</c>: a loss, and its gradient in every parameter that the case names.</summary>
internal static class GradientCase
{
    private const string Embeddings = "inputs_embeds";

    /// <summary>Runs the case and compares the loss and the gradients.</summary>
    public static void Check(LoadedModels models, GoldenCase golden, Comparison comparison)
    {
        var model = models.Any(golden);
        var parameters = model.Module.named_parameters().ToDictionary(item => item.name, item => item.parameter);
        foreach (var parameter in parameters.Values) parameter.requires_grad = true;
        model.Module.zero_grad();
        using var mode = new TrainingMode(model.Module, golden.Text("mode") == "train");
        var inputs = model.Inputs(golden);
        var arguments = model.RealArguments(golden, inputs);
        foreach (var real in arguments.Values) real.requires_grad_();
        var output = model.Named(golden, model.Call(inputs));
        using var past = output.Past;
        ModelCall.Compare(golden, golden.Required("out"), output, comparison, golden.Tolerance(Tolerance.Forward), null);
        Objective(golden, output).backward();
        foreach (var gradient in golden.Required("grads").EnumerateObject())
        {
            var at = gradient.Name == Embeddings ? inputs.InputsEmbeds : parameters.GetValueOrDefault(gradient.Name);
            comparison.Tensor($"gradient of {gradient.Name}", at?.grad, golden.Tensor(gradient.Value), golden.Tolerance(Tolerance.Gradient));
        }

        if (golden.Field("buffers_after") is { } after)
        {
            var buffers = model.Module.named_buffers().ToDictionary(item => item.name, item => item.buffer);
            foreach (var buffer in after.EnumerateObject())
                comparison.Tensor(
                    $"{buffer.Name} after the call", buffers.GetValueOrDefault(buffer.Name), golden.Tensor(buffer.Value), golden.Tolerance(Tolerance.Forward));
        }

        if (golden.Field("input_grads") is not { } ofInputs) return;
        foreach (var gradient in ofInputs.EnumerateObject())
        {
            if (!arguments.TryGetValue(gradient.Name, out var at))
                throw new UnsupportedCaseException($"the gradient of the input '{gradient.Name}' is not supported yet");
            comparison.Tensor($"gradient of {gradient.Name}", at.grad, golden.Tensor(gradient.Value), golden.Tolerance(Tolerance.Gradient));
        }
    }

    /// <summary>The scalar whose gradient is taken: the loss, or the sum of an output times a recorded tensor.</summary>
    private static Tensor Objective(GoldenCase golden, ModelOutput output)
    {
        if (golden.Field("objective") is not { ValueKind: JsonValueKind.Object } objective) return output.Loss!;
        var value = objective.GetProperty("output").GetString() switch
        {
            "logits" => output.Logits,
            "last_hidden_state" => output.LastHiddenState,
            "hidden_states" => output.HiddenStates?[^1],
            "pooler_output" => output.PoolerOutput,
            var name => output.Named.GetValueOrDefault(name!) ?? throw new UnsupportedCaseException($"gradients of the output '{name}' are not supported yet"),
        };
        return value!.mul(golden.Tensor(objective.GetProperty("cotangent"))).sum();
    }
}
