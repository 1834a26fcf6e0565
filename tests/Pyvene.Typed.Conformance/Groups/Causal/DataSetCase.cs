using System.Text.Json;
using Pyvene.Typed.Causal;

namespace Pyvene.Typed.Conformance.Groups.Causal;

/// <summary>Checks data sets from what was drawn for them.</summary>
internal static class DataSetCase
{
    public static void Check(CausalModel model, GoldenCase golden, Comparison comparison)
    {
        if (golden.Field("factual") is { } factual)
        {
            comparison.Sequence("factual", [.. Factual(model, factual).Labels], Settings(factual.GetProperty("labels")));
        }

        if (golden.Field("factual_tensors") is { } factualTensors)
        {
            var set = Factual(model, factualTensors);
            Tensor("input_ids", set.InputTensor(), factualTensors);
            Tensor("labels", set.LabelTensor(), factualTensors);
        }

        if (golden.Field("counterfactual") is { } counterfactual) Examples(model, counterfactual, comparison);
        if (golden.Field("counterfactual_tensors") is { } tensors)
        {
            var set = Counterfactual(model, tensors);
            Tensor("input_ids", set.InputTensor(), tensors);
            Tensor("source_input_ids", set.SourceTensor(), tensors);
            Tensor("labels", set.LabelTensor(), tensors);
            Tensor("base_labels", set.BaseLabelTensor(), tensors);
            Tensor("intervention_id", set.InterventionIdTensor(), tensors);
        }

        void Tensor(string name, TorchSharp.torch.Tensor got, JsonElement recorded) =>
            comparison.Tensor(name, got, golden.Tensor(recorded.GetProperty(name)), golden.Tolerance(Tolerance.Forward));
    }

    private static void Examples(CausalModel model, JsonElement recorded, Comparison comparison)
    {
        var set = Counterfactual(model, recorded);
        var examples = recorded.GetProperty("examples").EnumerateArray().ToArray();
        comparison.Exact("examples", set.Count, examples.Length);
        for (var i = 0; i < Math.Min(set.Count, examples.Length); i++)
        {
            comparison.Exact($"input_ids[{i}]", set.Inputs[i], CausalModelCase.Setting(examples[i].GetProperty("input_ids")));
            comparison.Sequence($"source_input_ids[{i}]", [.. set.Sources.Select(source => source[i])], Settings(examples[i].GetProperty("source_input_ids")));
            comparison.Exact($"labels[{i}]", set.Labels[i], CausalModelCase.Setting(examples[i].GetProperty("labels")));
            comparison.Exact($"base_labels[{i}]", set.BaseLabels[i], CausalModelCase.Setting(examples[i].GetProperty("base_labels")));
            comparison.Exact($"intervention_id[{i}]", set.InterventionIds[i], examples[i].GetProperty("intervention_id")[0].GetInt64());
        }
    }

    private static FactualSamples Factual(CausalModel model, JsonElement recorded)
    {
        var samples = new Queue<CausalSetting>(Settings(recorded.GetProperty("samples")));
        return model.DrawFactual(samples.Count, 0, new SamplingOptions { Inputs = _ => samples.Dequeue() });
    }

    private static CounterfactualSamples Counterfactual(CausalModel model, JsonElement recorded)
    {
        var drawn = new Queue<JsonElement>(recorded.GetProperty("drawn").EnumerateArray());
        var set = model.DrawCounterfactual(recorded.GetProperty("size").GetInt32(), recorded.GetProperty("batch_size").GetInt32(), 0, new SamplingOptions
        {
            Interventions = _ => Next("intervention", null),
            Inputs = _ => Next("input", CausalSetting.Empty),
            Sources = (_, variable, value) => Next("input", new CausalSetting((variable, value))),
        });
        return drawn.Count == 0 ? set : throw new InvalidDataException($"{drawn.Count} of the recorded draws were not asked for");

        CausalSetting Next(string kind, CausalSetting? wanted)
        {
            var next = drawn.Dequeue();
            var isAsked = next.GetProperty("kind").GetString() == kind
                && (wanted is null || CausalModelCase.Setting(next.GetProperty("for")).Equals(wanted));
            return isAsked ? CausalModelCase.Setting(next.GetProperty("value"))
                : throw new InvalidDataException($"an {kind} for {wanted} was asked for, and {next.GetRawText()} was drawn");
        }
    }

    private static CausalSetting[] Settings(JsonElement settings) => [.. settings.EnumerateArray().Select(CausalModelCase.Setting)];
}
