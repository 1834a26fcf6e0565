namespace Pyvene.Typed.Tokenization;

/// <summary>How far the rows of a batch are padded.</summary>
public enum PaddingLength
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>To the longest row.</summary>
    Longest,

    /// <summary>To <see cref="EncodingOptions.MaximumLength"/>.</summary>
    Maximum,
}
