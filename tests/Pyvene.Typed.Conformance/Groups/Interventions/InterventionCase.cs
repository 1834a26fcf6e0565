using System.Text.Json;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Models;

namespace Pyvene.Typed.Conformance.Groups.Interventions;

/// <summary>Runs a case and compares every recorded output.</summary>
internal static class InterventionCase
{
    /// <summary>Runs a case.</summary>
    public static void Check(GoldenCase golden, Comparison comparison, NamedModels models)
    {
        var model = models.Of(golden.Required("model").GetString()!);
        var recorded = RunReader.Read(golden, model);
        PyveneCallCase.Check(golden, comparison, model, recorded);
        Run(golden, comparison, model, recorded);
    }

    /// <summary>Runs what was read from a case.</summary>
    public static void Run(GoldenCase golden, Comparison comparison, PretrainedModel model, RecordedRun recorded)
    {
        using var hook = UserHook.Attach(golden, model);
        using var plan = InterventionPlan.Bind(model, recorded.Config);
        using var run = plan.Run(recorded.Base, recorded.Sources, recorded.Options);
        var tolerance = golden.Tolerance(Tolerance.Intervened);
        foreach (var expected in golden.Required("expect").EnumerateObject())
        {
            var (name, value) = (expected.Name, expected.Value);
            switch (name)
            {
                case "logits": comparison.Tensor(name, run.Logits, golden.Tensor(value), tolerance); break;
                case "original_logits": comparison.Tensor(name, run.CleanLogits, golden.Tensor(value), tolerance); break;
                case "last_hidden_state": comparison.Tensor(name, run.LastHiddenState, golden.Tensor(value), tolerance); break;
                case "pooler_output": comparison.Tensor(name, run.PoolerOutput, golden.Tensor(value), tolerance); break;
                case "encoder_last_hidden_state":
                    comparison.Tensor(name, run.Parts.GetValueOrDefault("encoder")?.LastHiddenState, golden.Tensor(value), tolerance);
                    break;
                case "output": comparison.Tensor(name, run.Output, golden.Tensor(value), tolerance); break;
                case "hidden_states": comparison.Tensor(name, run.HiddenStates?[^1], golden.Tensor(value), tolerance); break;
                case "loss": comparison.Tensor(name, run.Loss, golden.Tensor(value), tolerance); break;
                case "collected": CompareCollected(golden, value, run, comparison, tolerance); break;
                case "effect": EffectComparison.Compare(value, run, comparison, tolerance); break;
                case "inputs_after": CompareInputs(golden, value, recorded.Base, comparison); break;
                default: throw new UnsupportedCaseException($"the output '{name}' is not supported yet");
            }
        }
    }

    private static void CompareCollected(GoldenCase golden, JsonElement expected, InterventionRun run, Comparison comparison, Tolerance tolerance)
    {
        var count = expected.GetArrayLength();
        comparison.Exact("number of collected", run.Collected.Count, count);
        for (var i = 0; i < Math.Min(count, run.Collected.Count); i++)
            comparison.Tensor($"collected[{i}]", run.Collected[i], golden.Tensor(expected[i]), tolerance);
    }

    /// <summary>The caller's tensors must be what they were, to the last bit.</summary>
    private static void CompareInputs(GoldenCase golden, JsonElement expected, ModelInputs inputs, Comparison comparison)
    {
        foreach (var input in expected.EnumerateObject())
        {
            var after = input.Name switch
            {
                "input_ids" => inputs.InputIds,
                "inputs_embeds" => inputs.InputsEmbeds,
                "attention_mask" => inputs.AttentionMask,
                var name => throw new UnsupportedCaseException($"the input '{name}' is not supported yet"),
            };
            comparison.Tensor($"{input.Name} after the call", after, golden.Tensor(input.Value), default);
        }
    }
}
