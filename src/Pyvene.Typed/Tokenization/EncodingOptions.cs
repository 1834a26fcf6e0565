namespace Pyvene.Typed.Tokenization;

/// <summary>How texts become rows of tokens.</summary>
public sealed record EncodingOptions
{
    private const int LongestRow = 1 << 24;

    /// <summary>Gets whether the tokenizer's special tokens are added.</summary>
    /// <value>True by default.</value>
    public bool AddSpecialTokens { get; init; } = true;

    /// <summary>Gets whether a special token that is written in a text, <c>&lt;|im_end|&gt;</c>, is text like any other.</summary>
    /// <value>Null, the default, as in <see cref="TextTokenizer.Encode"/>: a token, unless the tokenizer's own files say otherwise.</value>
    public bool? SpecialTokensAsText { get; init; }

    /// <summary>Gets which text loses tokens beyond <see cref="MaximumLength"/>.</summary>
    /// <value>Null, the default, keeps all tokens.</value>
    public TruncationStrategy? Truncation { get; init; }

    /// <summary>Gets the length that truncation cuts to and <see cref="PaddingLength.Maximum"/> pads to, special tokens included.</summary>
    /// <value>
    /// A number of tokens, from 0 to 16,777,216; null, the default, is the <c>model_max_length</c> of a tokenizer under
    /// <see cref="TokenizerConvention.Transformers"/>.
    /// </value>
    public int? MaximumLength { get; init; }

    /// <summary>Gets the side that truncation cuts at.</summary>
    /// <value>Null, the default, is the <c>truncation_side</c> of a tokenizer under <see cref="TokenizerConvention.Transformers"/>, else the right.</value>
    public TextSide? TruncationSide { get; init; }

    /// <summary>Gets how many tokens of a piece the next piece repeats, where the pieces beyond the first are kept.</summary>
    /// <value>0 by default; less than the tokens of a text that a row holds.</value>
    public int Stride { get; init; }

    /// <summary>Gets whether what truncation cuts off becomes rows of its own.</summary>
    public bool ReturnOverflow { get; init; }

    /// <summary>Gets how far rows are padded.</summary>
    public PaddingLength Padding { get; init; }

    /// <summary>Gets the side that padding is put at.</summary>
    /// <value>Null, the default, is the <c>padding_side</c> of a tokenizer under <see cref="TokenizerConvention.Transformers"/>, else the right.</value>
    public TextSide? PaddingSide { get; init; }

    /// <summary>Gets a number that every padded length is rounded up to a multiple of.</summary>
    /// <value>At least 1; null by default.</value>
    public int? PadToMultipleOf { get; init; }

    /// <summary>Checks every setting.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range, or lacks another.</exception>
    internal void Check()
    {
        InRange(MaximumLength, 0, LongestRow, nameof(MaximumLength));
        InRange(Stride, 0, LongestRow, nameof(Stride));
        InRange(PadToMultipleOf, 1, LongestRow, nameof(PadToMultipleOf));
        Known(Truncation, nameof(Truncation));
        Known(TruncationSide, nameof(TruncationSide));
        Known<PaddingLength>(Padding, nameof(Padding));
        Known(PaddingSide, nameof(PaddingSide));

        static void InRange(int? value, int least, int most, string name)
        {
            if (value < least || value > most)
            {
                throw new ArgumentOutOfRangeException(name, value, $"EncodingOptions.{name} is {value}; it must be from {least} to {most}.");
            }
        }

        static void Known<T>(T? value, string name)
            where T : struct, Enum
        {
            if (value is { } given && !Enum.IsDefined(given))
            {
                throw new ArgumentOutOfRangeException(name, value, $"EncodingOptions.{name} is {value}, which is no {typeof(T).Name}.");
            }
        }
    }
}
