namespace Pyvene.Typed.Tokenization;

/// <summary>A half-open range of a text.</summary>
/// <param name="Start">Where the range starts.</param>
/// <param name="End">Where the range ends; not part of it.</param>
public readonly record struct TextSpan(int Start, int End)
{
    /// <summary>Gets the length of the range.</summary>
    public int Length => End - Start;
}
