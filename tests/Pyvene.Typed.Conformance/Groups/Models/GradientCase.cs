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
        var model = models.Of(golden);
        var parameters = model.named_parameters().ToDictionary(item => item.name, item => item.parameter);
        foreach (var parameter in parameters.Values) parameter.requires_grad = true;
        model.zero_grad();
        using var mode = new TrainingMode(model, golden.Text("mode") == "train");
        var inputs = ModelCall.Inputs(golden, golden.Required("inputs"));
        foreach (var real in InputField.All.Where(input => input.IsReal)) inputs[real]?.requires_grad_();
        var output = model.call(inputs);
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
            var buffers = model.named_buffers().ToDictionary(item => item.name, item => item.buffer);
            foreach (var buffer in after.EnumerateObject())
                comparison.Tensor(
                    $"{buffer.Name} after the call", buffers.GetValueOrDefault(buffer.Name), golden.Tensor(buffer.Value), golden.Tolerance(Tolerance.Forward));
        }

        if (golden.Field("input_grads") is not { } ofInputs) return;
        foreach (var gradient in ofInputs.EnumerateObject())
        {
            var at = InputField.All.FirstOrDefault(input => input.Name == gradient.Name) is { } input
                ? inputs[input]
                : throw new UnsupportedCaseException($"the gradient of the input '{gradient.Name}' is not supported yet");
            comparison.Tensor($"gradient of {gradient.Name}", at?.grad, golden.Tensor(gradient.Value), golden.Tolerance(Tolerance.Gradient));
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
