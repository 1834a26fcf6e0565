using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Models;

namespace Pyvene.Typed.Engine;

/// <summary>Tells what the passes of a schedule would compute, without computing it.</summary>
internal sealed class PassExplainer
{
    private readonly IBlockwiseModel? blocks;
    private readonly (long Weights, string Axis)[] inBlocks;
    private readonly long headWeights;
    private readonly bool selectsLogits;

    public PassExplainer(CallableModel model, bool isStaged)
    {
        selectsLogits = model.SelectsLogits;
        blocks = isStaged ? model.Blocks : null;
        inBlocks = blocks is null ? [] : [.. blocks.BlockPaths.Select(path => (Weights(model, path + "."), model.PositionAxisOf(path)))];
        headWeights = ArchitectureDescriptor.TryFind(model.Config.ModelType, out var descriptor) && new ArchitectureSizes(descriptor, model.Config) is var sizes
            ? (sizes.TryEvaluate("vocab") ?? 0) * (sizes.TryEvaluate("dModel") ?? 0)
            : 0;
    }

    /// <summary>Explains passes.</summary>
    /// <param name="passes">What runs.</param>
    /// <param name="naive">What would run without sharing.</param>
    public PlanExplanation Explain(IReadOnlyList<Pass> passes, IReadOnlyList<Lane> naive)
    {
        PassExplanation[] explained = [.. passes.Select(pass => new PassExplanation([.. pass.Lanes.Select(lane => Explain(lane, pass))]))];
        var work = passes.Zip(explained).Sum(pair => pair.First.Lanes.Zip(pair.Second.Runs).Sum(run => Work(run.First, run.Second)));
        var whole = naive.Sum(lane => Work(lane, 0, inBlocks.Length - 1, lane.Batch.Columns) + (lane.Batch.Rows * lane.Batch.Columns * headWeights));
        return new PlanExplanation(explained, blocks is null ? 0 : work, blocks is null ? 0 : whole);
    }

    private static long Weights(CallableModel model, string prefix) =>
        model.Root.named_parameters()
            .Where(item => item.name.StartsWith(prefix, StringComparison.Ordinal) && item.parameter.ndim == 2)
            .Sum(item => item.parameter.numel());

    private RunExplanation Explain(Lane lane, Pass pass)
    {
        var logits = lane.Output switch
        {
            OutputRequest.None => 0,
            OutputRequest.LastPosition when selectsLogits => 1,
            _ => lane.Batch.Inputs.Logits.CountOf(lane.Batch.Columns),
        };
        var whole = new RunExplanation(lane.Role, lane.Batch.Rows, null, null, 0, lane.Batch.Columns, logits);
        if (blocks is null)
        {
            return whole;
        }

        var (first, end) = pass.ColumnsOf(lane);
        int[] needed = [.. Enumerable.Range(0, blocks.BlockCount).Where(block => pass.IsNeeded(lane, block))];
        return needed.Length == 0
            ? whole with { FirstBlock = blocks.BlockCount, LastBlock = blocks.BlockCount - 1, Positions = 0 }
            : whole with { FirstBlock = needed[0], LastBlock = needed[^1], FirstPosition = first, Positions = end - first };
    }

    private long Work(Lane lane, RunExplanation run) => run.FirstBlock is not { } first
        ? 0
        : Work(lane, first, run.LastBlock!.Value, run.Positions) + (lane.Batch.Rows * run.LogitsPositions * headWeights);

    // The blocks of an encoder have its positions, all of them; the others have those of the output that a run needs.
    private long Work(Lane lane, int first, int last, long positions) => inBlocks.Skip(first).Take(last - first + 1)
        .Sum(block => lane.Batch.Rows * block.Weights * (lane.Batch.Along(block.Axis) is { } own && own != lane.Batch.Tokens ? own.Columns : positions));
}
