using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization.PostProcessors;

namespace Pyvene.Typed.Tokenization;

/// <content>Truncation, overflow and padding.</content>
public sealed partial class TextTokenizer
{
    /// <summary>Gives rows of tokens for several texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="options">Truncation, padding and the like; null for none.</param>
    /// <exception cref="ArgumentException">A setting is out of its range, or lacks another.</exception>
    /// <exception cref="TokenizerException">The texts cannot be cut as asked, or padding is asked for and there is no token for it.</exception>
    public TokenBatch EncodeBatch(IEnumerable<string> texts, EncodingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return ToBatch(options, texts.Select(text => (string[])[text]));
    }

    /// <summary>Gives rows of tokens for several pairs of texts.</summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="options">Truncation, padding and the like; null for none.</param>
    /// <exception cref="ArgumentException">A setting is out of its range, or lacks another.</exception>
    /// <exception cref="TokenizerException">The texts cannot be cut as asked, or padding is asked for and there is no token for it.</exception>
    public TokenBatch EncodePairs(IEnumerable<(string Text, string Pair)> pairs, EncodingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        return ToBatch(options, pairs.Select(pair => IsPair(pair.Pair) ? (string[])[pair.Text, pair.Pair] : [pair.Text]));
    }

    private bool IsPair(string second) => Convention == TokenizerConvention.Tokenizers || second.Length > 0;

    private List<List<TokenRecord>> Tokenize(string[] texts, bool? specialTokensAsText)
    {
        var tokenized = new List<List<TokenRecord>>(texts.Length);
        foreach (var text in texts)
        {
            ArgumentNullException.ThrowIfNull(text, nameof(texts));
            tokenized.Add(Tokenize(text, tokenized.Count, false, specialTokensAsText));
        }

        return tokenized;
    }

    private TokenBatch ToBatch(EncodingOptions? given, IEnumerable<string[]> inputs)
    {
        given ??= new EncodingOptions();
        given.Check();
        var file = FollowsConfiguration ? special : null;
        var options = given with
        {
            MaximumLength = given.MaximumLength ?? file?.MaximumLength,
            TruncationSide = given.TruncationSide ?? file?.TruncationSide,
            PaddingSide = given.PaddingSide ?? file?.PaddingSide,
        };
        options.Check();
        var rows = new List<List<TokenRecord>>();
        var textIndices = new List<int>();
        foreach (var (index, input) in inputs.Index())
        {
            var texts = Tokenize(input, options.SpecialTokensAsText);
            var added = options.AddSpecialTokens ? pipeline.PostProcessor?.AddedCount(texts.Count > 1) ?? 0 : 0;
            var pieces = options.Truncation is null ? [texts] : Truncation.Apply(texts, options, added);
            foreach (var piece in pieces)
            {
                rows.Add(Process(piece, options.AddSpecialTokens));
                textIndices.Add(index);
            }
        }

        if (options.Padding == PaddingLength.None)
        {
            return ToBatch(rows, textIndices, (_, values, _) => values);
        }

        var length = PaddedLength(rows, options);
        return ToBatch(rows, textIndices, (row, values, filler) => Pad(values, length - row.Count, filler, options.PaddingSide ?? TextSide.Right));
    }

    private TokenBatch ToBatch(
        List<List<TokenRecord>> rows,
        List<int> textIndices,
        Func<List<TokenRecord>, IEnumerable<int>, int, IEnumerable<int>> pad)
    {
        var filler = PadTokenId ?? 0;
        return new TokenBatch(
            [.. rows.Select(row => (IReadOnlyList<int>)[.. pad(row, row.Select(token => token.Id), filler)])],
            [.. rows.Select(row => (IReadOnlyList<int>)[.. pad(row, Enumerable.Repeat(1, row.Count), 0)])],
            [.. rows.Select(row => (IReadOnlyList<int>)[.. pad(row, row.Select(token => token.TypeId), 0)])],
            textIndices);
    }

    private int PaddedLength(List<List<TokenRecord>> rows, EncodingOptions options)
    {
        if (PadTokenId is null)
        {
            throw new TokenizerException(
                "The tokenizer names neither a pad token nor an eos token, so rows cannot be padded; name one in tokenizer_config.json.");
        }

        var length = options.Padding == PaddingLength.Longest
            ? rows.Select(row => row.Count).DefaultIfEmpty().Max()
            : options.MaximumLength ?? throw new ArgumentException("Padding to the maximum needs EncodingOptions.MaximumLength.", nameof(options));
        var multiple = options.PadToMultipleOf ?? 1;
        return (int)Math.Min(((long)length + multiple - 1) / multiple * multiple, int.MaxValue);
    }

    private static IEnumerable<int> Pad(IEnumerable<int> values, int count, int filler, TextSide side)
    {
        var padding = Enumerable.Repeat(filler, Math.Max(0, count));
        return side == TextSide.Right ? values.Concat(padding) : padding.Concat(values);
    }
}
