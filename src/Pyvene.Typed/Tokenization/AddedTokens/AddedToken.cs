namespace Pyvene.Typed.Tokenization.AddedTokens;

/// <summary>A token that is cut out of the text before the model sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
internal sealed record AddedToken(int Id, string Content)
{
    /// <summary>Gets whether it is left out when special tokens are skipped in decoding.</summary>
    public bool IsSpecial { get; init; }

    /// <summary>Gets whether it takes the white space before it.</summary>
    public bool StripsLeft { get; init; }

    /// <summary>Gets whether it takes the white space after it.</summary>
    public bool StripsRight { get; init; }

    /// <summary>Gets whether it counts only where no character of a word touches it.</summary>
    public bool IsSingleWord { get; init; }

    /// <summary>Gets whether it is looked for in the normalised text instead of the original.</summary>
    public bool IsNormalized { get; init; }
}
