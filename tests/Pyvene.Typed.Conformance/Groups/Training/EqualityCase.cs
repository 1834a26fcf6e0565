using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using Pyvene.Typed.Native;
using Pyvene.Typed.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Training;

/// <summary>Checks a network that was made to compute hierarchical equality: what it says, and what it says when its two variables are interchanged.</summary>
internal static class EqualityCase
{
    /// <summary>Runs a case: plain examples, or interchanges of two parts of one place.</summary>
    public static void Check(GoldenCase golden, Comparison comparison, PretrainedModel model)
    {
        var (labels, expected) = (golden.Tensor(golden.Required("labels")), golden.Required("expect"));
        var logits = golden.Tensor(expected.GetProperty("logits"));
        if (golden.Field("intervention") is null)
        {
            using var quiet = no_grad();
            var found = model.call(Vectors(golden.Tensor(golden.Required("inputs_embeds")))).Logits!;
            if (found.ndim == 3) found = found.squeeze(1); // [batch, class]
            comparison.Tensor("logits", found, logits, golden.Tolerance(Tolerance.Forward));
            var share = found.argmax(-1).eq(labels).to(float64).mean().item<double>();
            comparison.Number("accuracy", share, GoldenCase.Number(expected.GetProperty("accuracy")), golden.Tolerance(Tolerance.Forward));
            return;
        }

        Interchanges(golden, comparison, model, labels, logits);
    }

    private static void Interchanges(GoldenCase golden, Comparison comparison, PretrainedModel model, Tensor labels, Tensor logits)
    {
        var (@base, sources) = (golden.Tensor(golden.Required("input_ids")), golden.Tensor(golden.Required("source_input_ids")));
        var kind = golden.Tensor(golden.Required("intervention_id"));
        using var plan = InterventionPlan.Bind(model, Config(golden, model));
        var (left, first) = (sources.select(1, 0), sources.select(1, 0));
        var right = where(kind.eq(Scalars.Of(1)).unsqueeze(1), first, sources.select(1, 1)); // 1 alone: its source stands first
        foreach (var id in (int[])[0, 1, 2])
        {
            var rows = kind.eq(Scalars.Of(id)).nonzero().reshape(-1); // [example]
            if (rows.numel() == 0) continue;
            using var run = plan.Run(
                Vectors(@base[rows]), [id == 1 ? null : Vectors(left[rows]), id == 0 ? null : Vectors(right[rows])]);
            var found = run.Logits.ndim == 3 ? run.Logits.squeeze(1) : run.Logits; // [example, class]
            comparison.Tensor($"logits of intervention {id}", found, logits[rows], golden.Tolerance(Tolerance.Intervened));
        }

        var given = stack([kind.ne(Scalars.Of(1)), kind.ne(Scalars.Of(0))], 1); // [example, source]
        var score = plan.Evaluate(CounterfactualSet.OfTensors(Vectors(@base), [Vectors(left), Vectors(right)], labels, given), batchSize: 1024);
        comparison.Number("IIA", score.Accuracy, GoldenCase.Number(golden.Required("expect").GetProperty("iia")), golden.Tolerance(Tolerance.Forward));
    }

    private static InterventionConfig Config(GoldenCase golden, PretrainedModel model)
    {
        var fields = golden.Required("intervention");
        if (fields.GetProperty("type").GetString() is not "vanilla" and var type) throw new UnsupportedCaseException($"the intervention type '{type}'");
        var parts = fields.GetProperty("subspace_partition").EnumerateArray().ToArray();
        if (parts.Length != 2) throw new UnsupportedCaseException($"{parts.Length} parts; the ids of the interventions tell of two");
        return new InterventionConfig
        {
            Architecture = Descriptors.ArchitectureDescriptor.FindByClass(model.GetName())?.Key,
            Sources = parts.Length,
            Interventions = [.. parts.Select((part, index) => new InterventionSpec
            {
                Intervention = new Interchange(),
                Source = index,
                Site = new SiteSpec
                {
                    Component = fields.GetProperty("component").GetString(),
                    Layer = fields.GetProperty("layer").GetInt32(),
                    Features = Features.In(part[0].GetInt32()..part[1].GetInt32()),
                },
            })],
        };
    }

    // [batch, width] as one position
    private static ModelInputs Vectors(Tensor values) => new() { InputsEmbeds = values.unsqueeze(1) };
}
