namespace Pyvene.Typed.Tokenization;

/// <summary>How texts become rows of tokens.</summary>
public sealed record EncodingOptions
{
    /// <summary>Gets whether the tokenizer's special tokens are added.</summary>
    /// <value>True by default.</value>
    public bool AddSpecialTokens { get; init; } = true;

    /// <summary>Gets which text loses tokens beyond <see cref="MaximumLength"/>.</summary>
    /// <value>Null, the default, keeps all tokens.</value>
    public TruncationStrategy? Truncation { get; init; }

    /// <summary>Gets the length that truncation cuts to and <see cref="PaddingLength.Maximum"/> pads to, special tokens included.</summary>
    /// <value>A number of tokens; null by default.</value>
    public int? MaximumLength { get; init; }

    /// <summary>Gets the side that truncation cuts at.</summary>
    public TextSide TruncationSide { get; init; } = TextSide.Right;

    /// <summary>Gets how many tokens of a piece the next piece repeats, where the pieces beyond the first are kept.</summary>
    /// <value>0 by default; less than the tokens of a text that a row holds.</value>
    public int Stride { get; init; }

    /// <summary>Gets whether what truncation cuts off becomes rows of its own.</summary>
    public bool ReturnOverflow { get; init; }

    /// <summary>Gets how far rows are padded.</summary>
    public PaddingLength Padding { get; init; }

    /// <summary>Gets the side that padding is put at.</summary>
    public TextSide PaddingSide { get; init; } = TextSide.Right;

    /// <summary>Gets a number that every padded length is rounded up to a multiple of.</summary>
    /// <value>Null by default.</value>
    public int? PadToMultipleOf { get; init; }
}
