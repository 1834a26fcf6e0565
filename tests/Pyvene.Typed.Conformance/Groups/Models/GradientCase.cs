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

        var inputs = ModelCall.Inputs(golden, golden.Required("inputs"));
        inputs.InputsEmbeds?.requires_grad_();
        var output = model.call(inputs);
        using var past = output.Past;
        ModelCall.Compare(golden, golden.Required("out"), output, comparison, golden.Tolerance(Tolerance.Forward), null);
        output.Loss!.backward();
        foreach (var gradient in golden.Required("grads").EnumerateObject())
        {
            var at = gradient.Name == Embeddings ? inputs.InputsEmbeds : parameters.GetValueOrDefault(gradient.Name);
            comparison.Tensor($"gradient of {gradient.Name}", at?.grad, golden.Tensor(gradient.Value), golden.Tolerance(Tolerance.Gradient));
        }
    }
}
