namespace Pyvene.Typed.Tokenization;

/// <summary>Which text loses tokens where there are too many.</summary>
public enum TruncationStrategy
{
    /// <summary>The longer of a pair first, so that both keep as much as the shorter allows.</summary>
    LongestFirst,

    /// <summary>The first text only.</summary>
    OnlyFirst,

    /// <summary>The second text only.</summary>
    OnlySecond,
}
