namespace Pyvene.Typed.Tokenization.PreTokenizers;

/// <summary>Which pieces get a space before them.</summary>
internal enum PrefixScheme
{
    /// <summary>All, also those behind an added token.</summary>
    Always,

    /// <summary>The piece at the start of the text.</summary>
    First,

    /// <summary>None.</summary>
    Never,
}
