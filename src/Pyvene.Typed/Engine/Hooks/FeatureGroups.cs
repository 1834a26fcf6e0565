using Pyvene.Typed.Errors;
using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>
/// Applies an intervention to the values at a place: to all examples at once, or, where they have different numbers of features, to those with the same number
/// together.
/// </summary>
internal static class FeatureGroups
{
    /// <summary>Returns the new values and notes in the receipt what they change; null = nothing is written.</summary>
    /// <param name="edit">What is written.</param>
    /// <param name="index">Where.</param>
    /// <param name="before">The base's values there: [example, unit …, width or feature].</param>
    /// <param name="source">The source's values, of the same shape, the module's input for an adaptor, or null.</param>
    /// <param name="real">Which of the places are real tokens; null = all.</param>
    /// <param name="keep">Keeps tensors until the run ends.</param>
    /// <exception cref="InterventionException">The intervention returns another shape.</exception>
    public static Tensor? Apply(LaneStep.Edit edit, PlaceIndex index, Tensor before, Tensor? source, RealPlaces? real, DisposeScopeKeeper keep)
    {
        if (index.FeatureCounts is not { } counts)
        {
            var after = Changed(edit.Intervention, before, source, index.Features);
            edit.Receipt.Note(before, after ?? before, real, keep);
            return after;
        }

        // A row with fewer features than another repeats its last one; an intervention never sees the repetitions.
        var whole = before;
        var noted = new List<(Tensor Before, Tensor After, RealPlaces? Real)>();
        foreach (var group in counts.Select((count, example) => (count, example)).GroupBy(row => row.count, row => (long)row.example))
        {
            var examples = tensor(group.ToArray(), dtype: int64, device: before.device);
            var own = Own(before)!;
            var read = edit.Input is null ? Own(source) : source!.index_select(0, examples); // a module's input has a width of its own
            var after = Changed(edit.Intervention, own, read, Own(index.Features)) ?? own; // [example, unit ..., feature]
            noted.Add((own, after, real?.Rows(examples)));
            whole = whole.index_copy(0, examples, Repeated(after.to(before.dtype), before.shape[^1]));

            Tensor? Own(Tensor? values) => values?.index_select(0, examples).narrow(-1, 0, group.Key);
        }

        edit.Receipt.Note(noted, keep);
        return whole;
    }

    private static Tensor? Changed(BoundIntervention bound, Tensor before, Tensor? source, Tensor? features)
    {
        var after = Intervened(bound, before, source, features);
        return after is null || bound.Spec.MatchedRandom is not { } seed ? after : Turned(before, after, seed);
    }

    /// <summary>Returns the values before, changed by as much as those behind differ from them, vector by vector, but in random directions.</summary>
    private static Tensor Turned(Tensor before, Tensor after, long seed)
    {
        using var generator = new Generator(unchecked((ulong)seed), CPU);
        var length = after.sub(before).to(float32).norm(-1, keepdim: true); // [example, unit …, 1]
        var direction = randn(before.shape, dtype: float32, generator: generator).to(before.device); // the same numbers on every device
        var change = direction.div(direction.norm(-1, keepdim: true)).mul(length).to(before.dtype); // [example, unit …, width]
        return before.add(change, Scalars.Of(1));
    }

    private static Tensor? Intervened(BoundIntervention bound, Tensor before, Tensor? source, Tensor? features)
    {
        if (bound.IsOwnFunction)
        {
            return OwnFunction.Apply(bound, before, source, features);
        }

        var after = bound.Spec.Intervention.Apply(before, source, features);
        return after is null || after.shape.SequenceEqual(before.shape)
            ? after
            : throw new InterventionException(
                "intervention",
                $"{bound.Name} returned values of shape [{string.Join(", ", after.shape)}] for values of shape [{string.Join(", ", before.shape)}]; "
                    + "it must keep the shape.");
    }

    /// <summary>Fills rows up with their last value, which is written where it already is: without a gradient, or it would count twice.</summary>
    private static Tensor Repeated(Tensor values, long length)
    {
        var missing = length - values.shape[^1];
        if (missing == 0)
        {
            return values;
        }

        var last = values.narrow(-1, values.shape[^1] - 1, 1).detach();
        return cat([values, last.expand([.. values.shape[..^1], missing])], -1);
    }
}
