using Pyvene.Typed.Models;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Runs the model over the lanes of one pass.</summary>
/// <param name="model">The model.</param>
/// <param name="active">What the hooks do.</param>
/// <param name="keep">Moves a tensor into the scope of the run.</param>
/// <param name="freed">The pass's own scope, when its residual streams are freed as soon as the next block has them; else they live as long as it.</param>
internal sealed class PassExecutor(CallableModel model, ActivePass active, DisposeScopeKeeper keep, DisposeScope? freed = null)
{
    /// <summary>Returns the arguments of one call for all lanes from the start to the end.</summary>
    public ModelInputs BeginWhole(Pass lanes)
    {
        active.SetRows(lanes.Lanes);
        return Stack(lanes.Lanes);
    }

    /// <summary>Hands out what that call returned.</summary>
    public void FinishWhole(Pass lanes, ModelInputs inputs, ModelOutput output) => Finish(output, lanes.Lanes, inputs.Logits);

    /// <summary>
    /// Runs a model block by block: a lane joins where it first differs from its parent, and leaves behind the last stage that somebody reads.
    /// </summary>
    public void RunStaged(IBlockwiseModel blocks, Pass lanes)
    {
        var last = blocks.BlockCount;
        Lane[] present = lanes.Lanes[0].Begun is null ? [.. lanes.Lanes.Where(lane => lane.Parent is null)] : [lanes.Lanes[0]];
        active.SetRows(present);
        var pass = blocks.Begin(Stack(present));
        var first = Begun(pass, present);
        var device = model.Root.parameters().First().device;
        IPassArrangement arrangement = lanes.IsPacked
            ? new TokenArrangement(pass, present, active, lanes.ColumnsOf, device)
            : new RowArrangement(pass, present, active, device);
        Keep(pass, present, first);
        for (var stage = first; stage <= last; stage++)
        {
            present = [.. lanes.Lanes.Where(lane => lanes.IsNeeded(lane, stage))];
            if (present.Length == 0)
            {
                return;
            }

            var before = pass.Hidden;
            arrangement.Arrange(present, stage == last);
            Free(before);
            if (stage < last)
            {
                before = pass.Hidden;
                blocks.RunBlock(pass, stage);
                Keep(pass, present, stage + 1);
                Free(before);
            }
        }

        void Free(Tensor before)
        {
            if (freed?.Contains(before) == true && !ReferenceEquals(before, pass.Hidden))
            {
                var isLarge = before.numel() >= 1 << 20 && before.device_type == DeviceType.CPU;
                before.Dispose();
                if (isLarge)
                {
                    FreedMemory.GiveBack();
                }
            }
        }

        var selection = SelectionOf(present, last);
        pass.Inputs = pass.Inputs with { Logits = selection };
        pass.Runs = [.. present.Select(lane => lane.Batch.Rows)];
        Finish(blocks.Finish(pass), present, selection);
    }

    /// <summary>Lets a pass go on where its first lane begins, and returns the stage.</summary>
    private static int Begun(BlockwisePass pass, IReadOnlyList<Lane> present)
    {
        if (present is not [{ Begun: { } begun }]) return 0;
        if (begun.Keys is { } keys) pass.BeginBehind(keys);
        pass.Hidden = begun.Hidden!.alias(); // the pass may free it
        return begun.Stage;
    }

    /// <summary>Keeps what other runs go on from, where they do so before a stage.</summary>
    private void Keep(BlockwisePass pass, IReadOnlyList<Lane> present, int stage)
    {
        foreach (var lane in present)
        {
            if (lane.Keeps is { } kept && kept.Stages.Contains(stage))
            {
                var part = active.PartOf(lane, pass.Hidden); // [row, position, dModel]
                kept.Hidden[stage] = keep(part.narrow(1, kept.First, part.shape[1] - kept.First).clone()); // [row, position from the first, dModel]
                if (kept.Keys is { } keys) pass.Keep(keys);
            }
        }
    }

    /// <summary>Returns the logits that the present lanes need; a step behind the blocks must see every position.</summary>
    private static LogitsSelection SelectionOf(IReadOnlyList<Lane> present, int last)
    {
        if (present.Any(lane => lane.Steps.Any(step => step.Point.Stage == last)) || present.Select(lane => lane.Output).Distinct().Count() > 1)
        {
            return LogitsSelection.All;
        }

        if (present.Count == 1) return Wanted(present[0]) ?? LogitsSelection.None;
        // Lanes with an output are of one batch: the base. What it selects in a row is selected in that row of each.
        using var rows = tensor(
            present.SelectMany(lane => Enumerable.Range(0, (int)lane.Batch.Rows).Select(row => (long)row)).ToArray(),
            dtype: int64,
            device: present[0].Batch.Device); // [row]
        return Wanted(present[0])?.SelectRows(rows) ?? LogitsSelection.None;
    }

    /// <summary>Returns the logits that a lane's output holds; null for a lane without an output.</summary>
    private static LogitsSelection? Wanted(Lane lane) => lane.Output switch
    {
        OutputRequest.Everything => lane.Batch.Inputs.Logits,
        OutputRequest.LastPosition => LogitsSelection.At(
            tensor([.. lane.Batch.LastColumns.Select(column => column - (lane.Begun?.First ?? 0))], dtype: int64, device: lane.Batch.Device)),
        _ => null,
    };

    private static ModelInputs Stack(IReadOnlyList<Lane> lanes) => Batch.Stack([.. lanes.Select(lane => lane.Batch)]);

    private void Finish(ModelOutput output, IReadOnlyList<Lane> lanes, LogitsSelection computed)
    {
        var split = lanes[0].Begun is not null && lanes.Count > 1 ? LaneOutput.Split(output, lanes.Count, keep) : null;
        foreach (var lane in lanes.Where(lane => lane.Output != OutputRequest.None))
        {
            var selection = model.SelectsLogits && ReferenceEquals(computed, LogitsSelection.All) ? Wanted(lane) : null;
            Func<Tensor, Tensor?>? select = selection is null || ReferenceEquals(selection, computed) ? null : selection.Select; // [batch, selected, vocab]
            var start = active.TryRowsOf(lane)!.Value;
            lane.Result = split?.Invoke(start / lane.Batch.Rows, select)
                ?? LaneOutput.Rows(output, start, lane.Batch.Rows, lanes.Count == 1, keep, select);
        }
    }
}
