using Pyvene.Typed.Conformance.Groups.Interventions;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Models;
using Pyvene.Typed.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Training;

/// <summary>Takes gradients of a model's own weights through an interchange, and trains them a few steps.</summary>
internal static class ModelTrainingCase
{
    /// <summary>Runs a case on a model of its own, which it changes.</summary>
    public static void Check(GoldenCase golden, Comparison comparison, PretrainedModel model)
    {
        var recorded = RunReader.Read(golden, model);
        var (labels, expected) = (golden.Tensor(golden.Required("labels")), golden.Required("expect"));
        var parameters = model.named_parameters().ToDictionary(item => item.name, item => item.parameter);
        foreach (var parameter in parameters.Values) parameter.requires_grad = true;
        using var plan = InterventionPlan.Bind(model, recorded.Config);
        using (var run = plan.Run(recorded.Base, recorded.Sources, recorded.Options with { Gradients = true }))
        {
            comparison.Tensor("logits", run.Logits, golden.Tensor(expected.GetProperty("logits")), golden.Tolerance(Tolerance.Intervened));
            var loss = nn.functional.cross_entropy(run.Logits.select(1, -1), labels);
            comparison.Number("loss", loss.item<float>(), GoldenCase.Number(expected.GetProperty("loss")), golden.Tolerance(Tolerance.Forward));
            loss.backward();
        }

        foreach (var gradient in expected.GetProperty("grads").EnumerateObject())
        {
            comparison.Tensor(
                $"gradient of {gradient.Name}", parameters[gradient.Name].grad, golden.Tensor(gradient.Value), golden.Tolerance(Tolerance.Gradient));
        }

        var squares = parameters.Values.Where(parameter => parameter.grad is not null).Sum(parameter => Math.Pow(parameter.grad!.norm().item<float>(), 2));
        comparison.Number("norm of all gradients", Math.Sqrt(squares), GoldenCase.Number(expected.GetProperty("grad_norm_total")), new Tolerance(1e-3, 1e-5));
        if (golden.Field("sgd") is not { } sgd) return;

        foreach (var parameter in parameters.Values) (parameter.grad, parameter.requires_grad) = (null, false);
        var result = plan.Train(
            CounterfactualSet.OfTensors(recorded.Base, [.. recorded.Sources.Select(source => source!)], labels),
            new TrainingOptions
            {
                Epochs = sgd.GetProperty("steps").GetInt32(),
                BatchSize = (int)labels.shape[0],
                Seed = null,
                Optimiser = Optimiser.Sgd(GoldenCase.Number(sgd.GetProperty("lr"))),
                TrainsModel = true,
                TrainsInterventions = false,
            });
        var losses = expected.GetProperty("sgd_losses").EnumerateArray().Select(GoldenCase.Number).ToArray();
        for (var step = 0; step < losses.Length; step++)
        {
            comparison.Number($"loss of step {step}", result.Steps[step].Loss, losses[step], golden.Tolerance(Tolerance.Gradient));
        }

        foreach (var final in expected.GetProperty("sgd_final").EnumerateObject())
        {
            comparison.Tensor(final.Name, parameters[final.Name], golden.Tensor(final.Value), golden.Tolerance(Tolerance.Gradient));
        }

        using var after = plan.Run(recorded.Base, recorded.Sources, recorded.Options);
        // The recording itself lies up to 4.1e-4 from the same training in float64 (llama-lm/block_output): rounding that five updates spread.
        comparison.Tensor(
            "logits after the training", after.Logits, golden.Tensor(expected.GetProperty("sgd_logits")), golden.Tolerance(new Tolerance(1e-3, 1e-3)));
    }
}
