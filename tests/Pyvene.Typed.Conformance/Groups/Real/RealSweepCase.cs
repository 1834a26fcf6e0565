using System.Text.Json;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Conformance.Groups.Interventions;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Real;

/// <summary>Runs a case of <c>sweeps.jsonl</c>: one interchange a cell, or causal tracing, where a cell puts one clean state back into a noised run.</summary>
internal static class RealSweepCase
{
    private const double SafeMargin = 0.01; // of the best token before the second

    private static readonly Tolerance Logits = new(1e-3, 2e-3);
    private static readonly Tolerance Probabilities = new(0, 1e-3);

    /// <summary>Runs the case.</summary>
    public static void Check(PretrainedModel model, GoldenCase golden, Comparison comparison)
    {
        using var untracked = no_grad();
        var (expect, answers) = (golden.Required("expect"), golden.Required("answers"));
        var want = golden.Tensor(expect.GetProperty("p_base")); // [row, column]
        var @base = RunReader.Inputs(golden, golden.Required("base"), "base");
        var isTrace = golden.Text("kind") == "trace";
        var source = isTrace ? @base : RunReader.Inputs(golden, golden.Required("source"), "source");
        InterventionConfig[] cells = [.. Enumerable.Range(0, (int)want.numel()).Select(cell =>
            Cell(golden, model, (int)(cell / want.shape[1]), (int)(cell % want.shape[1]), isTrace))];
        using var sweep = InterventionSweep.Bind(model, cells);
        using var run = sweep.Run(@base, [source], effects: EffectCheck.Report);
        var logits = run.Logits.reshape([.. want.shape, -1]); // [row, column, vocabulary]
        var probabilities = logits.softmax(-1);
        foreach (var side in (string[])["base", "source"])
        {
            var id = answers.GetProperty(side).GetProperty("id").GetInt64();
            comparison.Tensor($"p_{side}", probabilities.select(-1, id), golden.Tensor(expect.GetProperty($"p_{side}")), Probabilities);
            comparison.Tensor($"logit_{side}", logits.select(-1, id), golden.Tensor(expect.GetProperty($"logit_{side}")), Logits);
        }

        var clean = run.CleanLogits.softmax(-1).select(-1, answers.GetProperty("base").GetProperty("id").GetInt64());
        comparison.Number("clean p_base", clean.item<float>(), golden.Required("clean").GetProperty("p_base").GetDouble(), Probabilities);
        var sure = golden.Tensor(expect.GetProperty("margin")).gt(Scalars.Of(SafeMargin));
        var (best, top) = (logits.argmax(-1), golden.Tensor(expect.GetProperty("top1")));
        comparison.Tensor("top1", best.where(sure, zeros_like(best)).to(top.dtype), top.where(sure, zeros_like(top)), default);
    }

    private static InterventionConfig Cell(GoldenCase golden, PretrainedModel model, int row, int column, bool isTrace)
    {
        var position = golden.Field("position")?.GetInt32();
        var put = new InterventionSpec
        {
            Intervention = new Interchange(),
            Site = new SiteSpec
            {
                Component = golden.Text("component"),
                Layer = row,
                Heads = position is null ? null : Heads.PerExample([column]),
                At = Positions.Columns([position ?? column]),
                ReadAt = Positions.Columns([position ?? column]),
                ReadHeads = position is null ? null : Heads.PerExample([column]),
            },
        };
        return new InterventionConfig
        {
            Architecture = ArchitectureDescriptor.FindByClass(model.GetName())!.Key,
            Sources = 1,
            Interventions = isTrace ? [Noise(golden), put] : [put],
        };
    }

    private static InterventionSpec Noise(GoldenCase golden) => new()
    {
        Intervention = new Addition(),
        Constant = ConstantSource.Of(golden.Tensor(golden.Required("noise"))),
        Site = new SiteSpec
        {
            Component = "block_input",
            Layer = 0,
            At = Positions.Columns([.. golden.Required("subject_positions").EnumerateArray().Select(position => position.GetInt32())]),
        },
    };
}
