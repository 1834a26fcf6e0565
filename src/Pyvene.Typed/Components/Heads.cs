namespace Pyvene.Typed;

/// <summary>Says which attention heads are meant, for all examples or for every example by itself. Immutable.</summary>
public sealed record Heads
{
    private Heads(IndexRows index) => Index = index;

    internal IndexRows Index { get; }

    /// <summary>Returns the heads with these indices.</summary>
    /// <param name="heads">The heads, from 0, at least one.</param>
    /// <exception cref="ArgumentException">No head is named, or a negative one.</exception>
    public static Heads Of(params ReadOnlySpan<int> heads) => new(IndexRows.Shared([.. heads], "heads"));

    /// <summary>Returns heads for every example by itself.</summary>
    /// <param name="heads">One list an example, all of one length.</param>
    /// <exception cref="ArgumentException">The lists differ in length, are empty, or name a negative head.</exception>
    public static Heads PerExample(params IReadOnlyList<IReadOnlyList<int>> heads) => new(IndexRows.PerExample(heads, "heads"));
}
