namespace Pyvene.Typed.Tokenization;

/// <summary>A side of a row of tokens.</summary>
public enum TextSide
{
    /// <summary>The end of the row.</summary>
    Right,

    /// <summary>The beginning of the row.</summary>
    Left,
}
