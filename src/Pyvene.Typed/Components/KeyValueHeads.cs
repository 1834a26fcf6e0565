using System.Runtime.CompilerServices;

namespace Pyvene.Typed;

/// <summary>Says which key/value heads are meant, for all examples or for every example by itself. Immutable.</summary>
public sealed record KeyValueHeads
{
    private KeyValueHeads(Heads heads) => Heads = heads;

    /// <summary>Gets the heads as configurations have them, where the component says of which kind they are.</summary>
    internal Heads Heads { get; }

    /// <summary>Returns the key/value heads with these indices.</summary>
    /// <param name="heads">The key/value heads, from 0, at least one.</param>
    /// <exception cref="ArgumentException">No head is named, or a negative one.</exception>
    public static KeyValueHeads Of(params ReadOnlySpan<KeyValueHead> heads) => new(Heads.Of([.. heads.ToArray().Select(head => head.Value)]));

    /// <summary>Returns the key/value heads with these indices, from a list that a program has computed.</summary>
    /// <param name="heads">The key/value heads, from 0, at least one.</param>
    /// <exception cref="ArgumentException">No head is named, or a negative one.</exception>
    [OverloadResolutionPriority(-1)]
    public static KeyValueHeads Of(IEnumerable<int> heads) => new(Heads.Of(heads));

    /// <summary>Returns the key/value heads of a half-open range that counts from the start, as in <c>0..2</c>.</summary>
    /// <param name="range">The range; both ends count from the start.</param>
    /// <exception cref="ArgumentException">The range is empty, or counts from the end.</exception>
    public static KeyValueHeads In(Range range) => new(Heads.In(range));

    /// <summary>Returns key/value heads for every example by itself.</summary>
    /// <param name="heads">One list an example, all of one length.</param>
    /// <exception cref="ArgumentException">The lists differ in length, are empty, or name a negative head.</exception>
    public static KeyValueHeads PerExample(params IReadOnlyList<IReadOnlyList<int>> heads) => new(Heads.PerExample(heads));

    /// <summary>Converts key/value heads.</summary>
    /// <param name="heads">The key/value heads, from 0.</param>
    public static implicit operator KeyValueHeads(int[] heads) => Of(heads);

    /// <summary>Converts a range of key/value heads.</summary>
    /// <param name="range">The range; both ends count from the start.</param>
    public static implicit operator KeyValueHeads(Range range) => In(range);
}
