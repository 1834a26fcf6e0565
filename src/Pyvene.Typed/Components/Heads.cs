using System.Runtime.CompilerServices;

namespace Pyvene.Typed;

/// <summary>Says which attention heads are meant, for all examples or for every example by itself. Immutable.</summary>
public sealed record Heads
{
    private Heads(IndexRows index) => Index = index;

    internal IndexRows Index { get; }

    /// <summary>Returns the heads with these indices.</summary>
    /// <param name="heads">The heads, from 0, at least one.</param>
    /// <exception cref="ArgumentException">No head is named, or a negative one.</exception>
    public static Heads Of(params ReadOnlySpan<QueryHead> heads) => new(IndexRows.Shared([.. heads], "heads"));

    /// <summary>Returns the heads with these indices, from a list that a program has computed.</summary>
    /// <param name="heads">The heads, from 0, at least one.</param>
    /// <exception cref="ArgumentException">No head is named, or a negative one.</exception>
    [OverloadResolutionPriority(-1)]
    public static Heads Of(IEnumerable<int> heads) => new(IndexRows.Shared([.. heads], "heads"));

    /// <summary>Returns the heads of a half-open range that counts from the start, as in <c>0..4</c>.</summary>
    /// <param name="range">The range; both ends count from the start.</param>
    /// <exception cref="ArgumentException">The range is empty, or counts from the end.</exception>
    public static Heads In(Range range) => new(IndexRows.Between(range, "heads"));

    /// <summary>Returns heads for every example by itself.</summary>
    /// <param name="heads">One list an example, all of one length.</param>
    /// <exception cref="ArgumentException">The lists differ in length, are empty, or name a negative head.</exception>
    public static Heads PerExample(params IReadOnlyList<IReadOnlyList<int>> heads) => new(IndexRows.PerExample(heads, "heads"));

    /// <summary>Returns the heads of other examples: for every example those of the one that the order names.</summary>
    internal Heads Dealt(IReadOnlyList<int> order) => new(Index.Dealt(order));

    /// <summary>Returns the heads in words: <c>head 3</c>, <c>heads 0 to 3</c>.</summary>
    public override string ToString() => Index.InWords("head", "heads");

    /// <summary>Converts heads.</summary>
    /// <param name="heads">The heads, from 0.</param>
    public static implicit operator Heads(int[] heads) => Of(heads);

    /// <summary>Converts a range of heads.</summary>
    /// <param name="range">The range; both ends count from the start.</param>
    public static implicit operator Heads(Range range) => In(range);
}
