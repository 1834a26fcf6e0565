using System;

namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Is a run of characters of a text.</summary>
/// <param name="Start">The first of them, from 0.</param>
/// <param name="Length">How many there are.</param>
internal readonly record struct TextRange(int Start, int Length) : IComparable<TextRange>
{
    /// <summary>Gets the place behind the last of them.</summary>
    public int End => Start + Length;

    /// <summary>Returns the characters between two places.</summary>
    /// <param name="start">The first.</param>
    /// <param name="end">The place behind the last.</param>
    public static TextRange FromBounds(int start, int end) => new(start, end - start);

    /// <inheritdoc/>
    public int CompareTo(TextRange other) => Start != other.Start ? Start.CompareTo(other.Start) : Length.CompareTo(other.Length);
}
