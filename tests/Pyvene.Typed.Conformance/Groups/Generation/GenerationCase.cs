using System.Text.Json;
using Pyvene.Typed.Conformance.Groups.Interventions;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Models;
using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Generation;

/// <summary>Runs one generation under intervention, with a cache and without, and compares tokens, logits, what fired and what was collected.</summary>
internal static class GenerationCase
{
    private static readonly Tolerance Logits = new(1e-3, 1e-3);

    /// <summary>Runs a case.</summary>
    public static void Check(GoldenCase golden, Comparison comparison, NamedModels models)
    {
        var model = models.Of(golden.Required("model").GetString()!);
        var recorded = GenerationReader.Read(golden, model);
        using var plan = InterventionPlan.Bind(model, recorded.Config);
        var report = new RunOptions { Effects = EffectCheck.Report };
        using var clean = TextGeneration.Generate(model, recorded.Base, recorded.Generation);
        comparison.Tensor("original_tokens", clean.Sequences, golden.Tensor(golden.Required("expect").GetProperty("original_tokens")), default);
        foreach (var cached in (bool[])[true, false])
        {
            var options = recorded.Generation with { UseCache = cached };
            using var run = plan.Generate(recorded.Base, recorded.Sources, options, report);
            Compare(golden, run, options, comparison, cached);
        }
    }

    private static void Compare(GoldenCase golden, InterventionGeneration run, GenerationOptions options, Comparison comparison, bool cached)
    {
        var place = cached ? "" : "without a cache, ";
        foreach (var expected in golden.Required("expect").EnumerateObject())
        {
            switch (expected.Name)
            {
                case "tokens": comparison.Tensor(place + "tokens", run.Output.Sequences, golden.Tensor(expected.Value), default); break;
                case "step_logits": CompareLogits(golden, expected.Value, run.Output, options, comparison, place); break;
                case "sequence_scores": comparison.Tensor(place + "sequence_scores", run.Output.SequencesScores, golden.Tensor(expected.Value), Logits); break;
                case "fires" when cached: CompareFires(expected.Value, run, comparison); break;
                case "collected" when cached: CompareCollected(golden, expected.Value, run, comparison); break;
                case "original_tokens" or "fires" or "collected": break; // Compared above, or recorded with a cache only.
                default: throw new UnsupportedCaseException($"the output '{expected.Name}' is not supported yet");
            }
        }
    }

    /// <summary>Compares the logits that each token was chosen from; those of rows that had ended are of no importance.</summary>
    private static void CompareLogits(
        GoldenCase golden, JsonElement expected, GenerationOutput output, GenerationOptions options, Comparison comparison, string place)
    {
        var got = stack([.. output.Logits!], 1); // [row, step, vocab]
        var ends = options.EosTokenIds ?? [];
        using var generated = output.Sequences.narrow(1, output.PromptLength, got.shape[1]); // [row, step]
        var ended = zeros_like(generated, dtype: @bool);
        foreach (var end in ends)
        {
            ended |= generated == Scalars.Of(end);
        }

        var before = ended.to(int64).cumsum(1) - ended.to(int64); // [row, step]: how many ends lie before the step
        comparison.Tensor(place + "step_logits", got, golden.Tensor(expected), Logits, before == Scalars.Of(0));
    }

    private static void CompareFires(JsonElement expected, InterventionGeneration run, Comparison comparison)
    {
        for (var index = 0; index < expected.GetArrayLength(); index++)
        {
            comparison.Exact($"fires[{index}].count", run.Receipts[index].Fired, expected[index].GetProperty("count").GetInt32());
        }
    }

    private static void CompareCollected(GoldenCase golden, JsonElement expected, InterventionGeneration run, Comparison comparison)
    {
        var lists = expected.EnumerateArray().Where(list => list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0).ToArray();
        comparison.Exact("number of collecting interventions", run.Collected.Count, lists.Length);
        for (var index = 0; index < Math.Min(lists.Length, run.Collected.Count); index++)
        {
            comparison.Exact($"collected[{index}] in passes", run.Collected[index].Count, lists[index].GetArrayLength());
            for (var pass = 0; pass < Math.Min(run.Collected[index].Count, lists[index].GetArrayLength()); pass++)
            {
                comparison.Tensor($"collected[{index}][{pass}]", run.Collected[index][pass], golden.Tensor(lists[index][pass]), Tolerance.Intervened);
            }
        }
    }
}
