using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Runs the model over the lanes of one pass.</summary>
internal sealed class PassExecutor(CallableModel model, ActivePass active, DisposeScopeKeeper keep)
{
    /// <summary>Runs a model in one call: all lanes from the start to the end.</summary>
    public void RunWhole(IReadOnlyList<Lane> lanes)
    {
        active.SetRows(lanes);
        Finish(model.Call(Stack(lanes)), lanes);
    }

    /// <summary>Runs a model block by block: a lane joins where it first differs from its parent, and leaves behind the last stage that somebody reads.</summary>
    public void RunStaged(IBlockwiseModel blocks, IReadOnlyList<Lane> lanes)
    {
        var last = blocks.BlockCount;
        Lane[] present = [.. lanes.Where(lane => lane.Parent is null)];
        active.SetRows(present);
        var pass = blocks.Begin(Stack(present));
        for (var stage = 0; stage <= last; stage++)
        {
            Lane[] next = [.. lanes.Where(lane => IsNeeded(lane, lanes, stage, last))];
            if (next.Length == 0)
            {
                return;
            }

            if (!next.SequenceEqual(present))
            {
                using var rows = RowsToKeep(next, model.Root.parameters().First().device);
                pass.SelectRows(rows);
                present = next;
                active.SetRows(present);
            }

            if (stage < last)
            {
                blocks.RunBlock(pass, stage);
            }
        }

        pass.Inputs = pass.Inputs with { Logits = SelectionOf(present, last) };
        Finish(blocks.Finish(pass), present);
    }

    /// <summary>Tells whether a lane has rows of its own in a stage: it has joined, and somebody needs it there or later.</summary>
    internal static bool IsNeeded(Lane lane, IReadOnlyList<Lane> lanes, int stage, int last)
    {
        var joined = Math.Min(lane.Join, last) <= stage;
        return joined && (lane.Leave >= stage || lanes.Any(child => child.Parent == lane && Math.Min(child.Join, last) > stage));
    }

    private Tensor RowsToKeep(IReadOnlyList<Lane> next, Device device)
    {
        var rows = new List<long>();
        foreach (var lane in next)
        {
            var (start, count) = active.TryRowsOf(lane) ?? active.TryRowsOf(lane.Parent!)!.Value;
            for (var row = 0L; row < count; row++)
            {
                rows.Add(start + row);
            }
        }

        return tensor(rows.ToArray(), dtype: int64, device: device); // [new row]
    }

    /// <summary>Returns the logits that the present lanes need; a step behind the blocks must see every position.</summary>
    private static LogitsSelection SelectionOf(IReadOnlyList<Lane> present, int last)
    {
        if (present.Any(lane => lane.Steps.Any(step => step.Point.Stage == last)))
        {
            return LogitsSelection.All;
        }

        if (present.FirstOrDefault(lane => lane.Output == OutputRequest.Everything) is { } whole)
        {
            return whole.Batch.Inputs.Logits;
        }

        return present.All(lane => lane.Output == OutputRequest.LastPosition)
            ? LogitsSelection.At(tensor(present.SelectMany(lane => lane.Batch.LastColumns).ToArray(), dtype: int64, device: present[0].Batch.Device))
            : LogitsSelection.All;
    }

    private static ModelInputs Stack(IReadOnlyList<Lane> lanes) => Batch.Stack([.. lanes.Select(lane => lane.Batch)]);

    private void Finish(ModelOutput output, IReadOnlyList<Lane> lanes)
    {
        foreach (var lane in lanes.Where(lane => lane.Output != OutputRequest.None))
        {
            var (start, count) = active.TryRowsOf(lane)!.Value;
            var result = LaneOutput.Rows(output, start, count, keep);
            if (lane.Output == OutputRequest.LastPosition && result.Logits is { ndim: 3 } logits && logits.shape[1] == lane.Batch.Columns && lane.Batch.Columns > 1)
            {
                var columns = tensor(lane.Batch.LastColumns, dtype: int64, device: logits.device);
                result = result with { Logits = keep(LogitsSelection.At(columns).Select(logits)!) }; // [batch, 1, vocab]
            }

            lane.Result = result;
        }
    }
}
