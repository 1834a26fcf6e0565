using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is which of the places that an intervention acts on hold real tokens, where some hold padding.</summary>
/// <param name="Mask">bool, 1 long on every axis but those of rows and positions, so that it spreads over the values there.</param>
/// <param name="Real">How many rows and positions are real.</param>
/// <param name="All">How many there are.</param>
internal sealed record RealPlaces(Tensor Mask, long Real, long All)
{
    /// <summary>Finds the real places of a step; <see langword="null"/> where all are, or nothing tells.</summary>
    /// <param name="step">What happens.</param>
    /// <param name="batch">The batch of the step's lane.</param>
    /// <param name="view">The component's view: [row, (head), position, …].</param>
    /// <param name="first">The column of the batch that the view begins with.</param>
    /// <param name="call">The call of the module, which is the column where positions are time steps.</param>
    /// <param name="hits">The examples that the call is for; <see langword="null"/> without time steps.</param>
    public static RealPlaces? Of(LaneStep step, Batch batch, Tensor view, long first, int call, StepHits? hits)
    {
        var bound = step.Intervention;
        if (batch.Along(bound.Along) is not { IsPadded: true } tokens)
        {
            return null;
        }

        if (hits is not null)
        {
            return bound.StepsArePositions && call < tokens.Columns ? Of([.. hits.Examples.Select(row => new[] { tokens.IsReal(row, call) })], 1, view) : null;
        }

        var axis = bound.ViewPositionAxis;
        if (view.ndim < axis + 2 || view.shape[0] != batch.Rows || view.shape[axis] > tokens.Columns - first)
        {
            return null;
        }

        var all = step.Positions.IsAll ? Enumerable.Range(0, (int)view.shape[axis]).Select(column => first + column).ToArray() : null;
        return (all is not null && view.shape[axis] != tokens.Columns - first) || (all is null && step.Positions.Known is null)
            ? null
            : Of([.. Enumerable.Range(0, (int)batch.Rows).Select(row => (all
                ?? step.Positions.Known![row]).Select(column => tokens.IsReal(row, column)).ToArray())], axis, view);
    }

    /// <summary>Returns the real places of some of the rows.</summary>
    /// <param name="rows">The rows: int64 [selected].</param>
    public RealPlaces Rows(Tensor rows)
    {
        var mask = Mask.index_select(0, rows);
        using var real = mask.sum();
        return new RealPlaces(mask, real.item<long>(), All / Mask.shape[0] * mask.shape[0]);
    }

    private static RealPlaces? Of(bool[][] real, int axis, Tensor view)
    {
        var (count, all) = (real.Sum(row => row.LongCount(item => item)), (long)real.Length * real[0].Length);
        if (count == all)
        {
            return null;
        }

        var shape = Enumerable.Repeat(1L, (int)view.ndim).ToArray();
        (shape[0], shape[axis]) = (real.Length, real[0].Length);
        return new RealPlaces(tensor(real.SelectMany(row => row).ToArray(), shape, device: view.device), count, all);
    }
}
