using System.Runtime.CompilerServices;

namespace Pyvene.Typed;

/// <summary>Says which units of a kind are meant, such as key/value heads, for all examples or for every example by itself. Immutable.</summary>
/// <typeparam name="TIndex">What they are counted by; query heads are <see cref="Heads"/>.</typeparam>
public sealed record Heads<TIndex>
    where TIndex : struct, IHeadIndex
{
    private Heads(Heads plain) => Plain = plain;

    /// <summary>Gets the units as configurations have them, where the component says of which kind they are.</summary>
    internal Heads Plain { get; }

    /// <summary>Returns the units with these indices.</summary>
    /// <param name="indices">The indices, from 0, at least one.</param>
    /// <exception cref="ArgumentException">None is named, or a negative one.</exception>
    public static Heads<TIndex> Of(params ReadOnlySpan<TIndex> indices) => new(Heads.Of([.. indices.ToArray().Select(index => index.Value)]));

    /// <summary>Returns the units with these indices, from a list that a program has computed.</summary>
    /// <param name="indices">The indices, from 0, at least one.</param>
    /// <exception cref="ArgumentException">None is named, or a negative one.</exception>
    [OverloadResolutionPriority(-1)]
    public static Heads<TIndex> Of(IEnumerable<int> indices) => new(Heads.Of(indices));

    /// <summary>Returns the units of a half-open range that counts from the start, as in <c>0..2</c>.</summary>
    /// <param name="range">The range; both ends count from the start.</param>
    /// <exception cref="ArgumentException">The range is empty, or counts from the end.</exception>
    public static Heads<TIndex> In(Range range) => new(Heads.In(range));

    /// <summary>Returns units for every example by itself.</summary>
    /// <param name="indices">One list an example, all of one length.</param>
    /// <exception cref="ArgumentException">The lists differ in length, are empty, or name a negative index.</exception>
    public static Heads<TIndex> PerExample(params IReadOnlyList<IReadOnlyList<int>> indices) => new(Heads.PerExample(indices));

    /// <summary>Returns the units in words: <c>key/value head 1</c>, <c>senses 0 to 3</c>.</summary>
    public override string ToString() => Plain.Index.InWords(TIndex.Word, $"{TIndex.Word}s");

    /// <summary>Converts indices.</summary>
    /// <param name="indices">The indices, from 0.</param>
    public static implicit operator Heads<TIndex>(int[] indices) => Of(indices);

    /// <summary>Converts a range of indices.</summary>
    /// <param name="range">The range; both ends count from the start.</param>
    public static implicit operator Heads<TIndex>(Range range) => In(range);
}
