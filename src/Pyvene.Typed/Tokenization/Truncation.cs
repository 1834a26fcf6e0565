using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization.PostProcessors;

namespace Pyvene.Typed.Tokenization;

/// <summary>Cuts the tokens of a text or of a pair to a length, before special tokens are added.</summary>
internal static class Truncation
{
    /// <summary>Gives the rows: the first is what is kept, the others are the overflow.</summary>
    /// <param name="texts">The tokens of each text.</param>
    /// <param name="options">What to cut; <see cref="EncodingOptions.Truncation"/> is set.</param>
    /// <param name="added">How many special tokens will be added.</param>
    /// <exception cref="TokenizerException">The text that may be cut is too short, or the length or the stride cannot be kept.</exception>
    public static IEnumerable<List<List<TokenRecord>>> Apply(List<List<TokenRecord>> texts, EncodingOptions options, int added)
    {
        var maximum = (options.MaximumLength ?? throw new ArgumentException("Truncation needs EncodingOptions.MaximumLength.", nameof(options))) - added;
        if (maximum < 0)
        {
            throw new TokenizerException(
                $"A maximum length of {options.MaximumLength} tokens has no room for the {added} special tokens that the tokenizer adds; "
                    + "raise it or leave them out.");
        }

        var total = texts.Sum(text => text.Count);
        if (total <= maximum)
        {
            return [texts];
        }

        var lengths = Lengths(texts, options.Truncation!.Value, maximum, total);
        var cut = texts.Select((text, index) => Cut(text, lengths[index], options)).ToList();
        if (!options.ReturnOverflow)
        {
            return [cut.ConvertAll(pieces => pieces[0])];
        }

        return cut.Count(pieces => pieces.Count > 1) > 1
            ? throw new TokenizerException("Overflow cannot be kept where both texts of a pair are cut; cut only one of them.")
            : Enumerable.Range(0, cut.Max(pieces => pieces.Count))
                .Select(row => cut.ConvertAll(pieces => new List<TokenRecord>(pieces[pieces.Count > 1 ? row : 0])));
    }

    private static int[] Lengths(List<List<TokenRecord>> texts, TruncationStrategy strategy, int maximum, int total)
    {
        if (strategy == TruncationStrategy.LongestFirst)
        {
            return texts.Count == 1 ? [maximum] : BalancedLengths(texts[0].Count, texts[1].Count, maximum);
        }

        var target = strategy == TruncationStrategy.OnlyFirst ? 0 : 1;
        if (target >= texts.Count)
        {
            throw new TokenizerException("Truncation is to cut the second text only, and there is no second text.");
        }

        // A text cut to nothing is refused too, as in the reference.
        var kept = texts[target].Count - (total - maximum);
        return kept > 0
            ? [.. texts.Select((text, index) => index == target ? kept : text.Count)]
            : throw new TokenizerException(
                $"The {(target == 0 ? "first" : "second")} text has {texts[target].Count} tokens, and {total - maximum} would have to go; "
                    + "cut the longest text first instead.");
    }

    // The shorter text keeps all it has, up to half of the room; an odd token goes to the longer one.
    private static int[] BalancedLengths(int first, int second, int maximum)
    {
        var (shorter, longer) = first <= second ? (first, second) : (second, first);
        longer = shorter > maximum ? shorter : Math.Max(shorter, maximum - shorter);
        if (shorter + longer > maximum)
        {
            shorter = maximum / 2;
            longer = shorter + maximum % 2;
        }

        return first <= second ? [shorter, longer] : [longer, shorter];
    }

    private static List<List<TokenRecord>> Cut(List<TokenRecord> text, int length, EncodingOptions options)
    {
        if (length >= text.Count)
        {
            return [text];
        }

        if (length == 0)
        {
            return [[], text];
        }

        if (options.Stride < 0 || options.Stride >= length)
        {
            throw new TokenizerException($"A stride of {options.Stride} does not fit pieces of {length} tokens; it must be from 0 to {length - 1}.");
        }

        var pieces = new List<List<TokenRecord>>();
        var step = length - options.Stride;
        for (var reached = 0; ; reached += step)
        {
            var isLast = reached + length >= text.Count;
            var count = isLast ? text.Count - reached : length;
            pieces.Add(text.GetRange(options.TruncationSide is null or TextSide.Right ? reached : text.Count - reached - count, count));
            if (isLast)
            {
                return pieces;
            }
        }
    }
}
