using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Finds the values that an intervention writes from: those of a source run, or a constant.</summary>
internal static class SourceValues
{
    /// <summary>Returns the source's values for one call of the module, in the shape of the base's; null when the intervention has no source.</summary>
    /// <param name="edit">What is written.</param>
    /// <param name="index">Where.</param>
    /// <param name="before">The base's values there: [batch, (head), (position), width or feature].</param>
    /// <param name="width">How wide the place is without its features.</param>
    /// <param name="call">The call of the module, from 0.</param>
    /// <param name="hits">The examples that this call is for; null without time steps.</param>
    /// <exception cref="InterventionException">The source has no such call, or its values have another shape.</exception>
    public static Tensor? For(LaneStep.Edit edit, PlaceIndex index, Tensor before, long width, int call, StepHits? hits)
    {
        var bound = edit.Intervention;
        if (edit.Slot is null && edit.Constant is null)
        {
            return null;
        }

        if (edit.Slot is { } slot && hits is null)
        {
            return Fit(bound, slot.OfCall(call) ?? throw TooFew(call), before.shape);
        }

        var source = edit.Slot is null ? edit.Constant! : edit.Slot.Value ?? throw TooFew(call);
        if (edit.Slot is null && index.Features is not null && source.shape[^1] == width)
        {
            long[] whole = [.. before.shape[..^1], width];
            return index.Choose(Fit(bound, hits is null || IsVector(source, width) ? source : Pick(source), whole)); // [batch, ..., feature]
        }

        return Fit(bound, hits is null || IsVector(source, before.shape[^1]) ? source : Pick(source), before.shape);

        Tensor Pick(Tensor values) =>
            values.ndim < 2 || values.shape[1] <= hits.Places.Max() || values.shape[0] <= hits.Examples.Max() ? throw TooFew(call) : hits.Pick(values);

        InterventionException TooFew(int at) => new(
            "positions",
            $"{bound.Name}: call {at} of module '{bound.Point.Path}' in the base has no counterpart: the source's values do not reach so far. "
                + "Choose steps on both sides (At and ReadAt).");
    }

    /// <summary>Returns the source's values in the shape of the base's: they have it already, or are one vector for every place.</summary>
    private static Tensor Fit(BoundIntervention bound, Tensor source, long[] shape)
    {
        if (source.shape.SequenceEqual(shape))
        {
            return source;
        }

        return IsVector(source, shape[^1])
            ? source.view(source.shape[^1]).expand(shape) // [..., width]
            : throw new InterventionException(
                bound.Constant is null ? "positions" : "constant",
                $"{bound.Name}: the source's values have shape [{string.Join(", ", source.shape)}], the base's [{string.Join(", ", shape)}]; "
                    + "they must be equal, or the source one vector. Read as many positions, heads and examples in the source as are written in the base.");
    }

    private static bool IsVector(Tensor source, long width) => source.shape[..^1].All(length => length == 1) && source.shape[^1] == width;
}
