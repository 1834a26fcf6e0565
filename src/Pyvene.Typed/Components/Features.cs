namespace Pyvene.Typed;

/// <summary>Says which features, that is entries of the last axis, are meant, for all examples or for every example by itself. Immutable.</summary>
public sealed record Features
{
    private Features(IndexRows index) => Index = index;

    internal IndexRows Index { get; }

    /// <summary>Returns the features with these indices.</summary>
    /// <param name="indices">The indices, from 0, at least one.</param>
    /// <exception cref="ArgumentException">No feature is named, or a negative one.</exception>
    public static Features Of(params ReadOnlySpan<int> indices) => new(IndexRows.Shared([.. indices], "features"));

    /// <summary>Returns the features of a half-open range that counts from the start, as in <c>0..64</c>.</summary>
    /// <param name="range">The range; both ends count from the start.</param>
    /// <exception cref="ArgumentException">The range is empty, or counts from the end.</exception>
    public static Features In(Range range) =>
        range.Start.IsFromEnd || range.End.IsFromEnd
            ? throw new ArgumentException($"The range {range} must count from the start on both ends.", nameof(range))
            : new(IndexRows.Shared([.. Enumerable.Range(range.Start.Value, Math.Max(0, range.End.Value - range.Start.Value))], "features"));

    /// <summary>Returns features for every example by itself.</summary>
    /// <param name="indices">One list an example, all of one length.</param>
    /// <exception cref="ArgumentException">The lists differ in length, are empty, or name a negative feature.</exception>
    public static Features PerExample(params IReadOnlyList<IReadOnlyList<int>> indices) => new(IndexRows.PerExample(indices, "features"));
}
