using System.Runtime.CompilerServices;

namespace Pyvene.Typed;

/// <summary>Says which features, that is entries of the last axis, are meant, for all examples or for every example by itself. Immutable.</summary>
public sealed record Features
{
    private Features(IndexRows index) => Index = index;

    internal IndexRows Index { get; }

    /// <summary>Returns the features with these indices.</summary>
    /// <param name="indices">The indices, from 0, at least one.</param>
    /// <exception cref="ArgumentException">No feature is named, or a negative one.</exception>
    public static Features Of(params ReadOnlySpan<Neuron> indices) => new(IndexRows.Shared([.. indices], "features"));

    /// <summary>Returns the features with these indices, from a list that a program has computed.</summary>
    /// <param name="indices">The indices, from 0, at least one.</param>
    /// <exception cref="ArgumentException">No feature is named, or a negative one.</exception>
    [OverloadResolutionPriority(-1)]
    public static Features Of(IEnumerable<int> indices) => new(IndexRows.Shared([.. indices], "features"));

    /// <summary>Returns the features of a half-open range that counts from the start, as in <c>0..64</c>.</summary>
    /// <param name="range">The range; both ends count from the start.</param>
    /// <exception cref="ArgumentException">The range is empty, or counts from the end.</exception>
    public static Features In(Range range) => new(IndexRows.Between(range, "features"));

    /// <summary>Returns features for every example by itself.</summary>
    /// <param name="indices">One list an example. Only what is collected needs lists of one length.</param>
    /// <exception cref="ArgumentException">A list is empty, or names a negative feature.</exception>
    public static Features PerExample(params IReadOnlyList<IReadOnlyList<int>> indices) => new(IndexRows.PerExample(indices, "features", mayDiffer: true));

    /// <summary>Returns the features in words: <c>feature 5</c>, <c>features 0 to 63</c>.</summary>
    public override string ToString() => Index.InWords("feature", "features");

    /// <summary>Converts features.</summary>
    /// <param name="indices">The indices, from 0.</param>
    public static implicit operator Features(int[] indices) => Of(indices);

    /// <summary>Converts a range of features.</summary>
    /// <param name="range">The range; both ends count from the start.</param>
    public static implicit operator Features(Range range) => In(range);

    /// <summary>Returns these features and others, in this order and each once.</summary>
    /// <param name="other">The others.</param>
    /// <exception cref="ArgumentException">One is given for every example by itself, and the other is not.</exception>
    public Features And(Features other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Index.IsPerExample || other.Index.IsPerExample
            ? throw new ArgumentException(
                "Features that are given for every example by itself cannot be joined; name them all for every example.", nameof(other))
            : new Features(IndexRows.Shared([.. Index.Rows[0].Union(other.Index.Rows[0])], "features"));
    }
}
