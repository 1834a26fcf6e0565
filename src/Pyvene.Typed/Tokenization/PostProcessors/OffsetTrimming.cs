using Pyvene.Typed.Tokenization.Patterns;
using Pyvene.Typed.Tokenization.Text;

namespace Pyvene.Typed.Tokenization.PostProcessors;

/// <summary>Takes the white space at both ends of a token out of its offsets, as the byte-level and the RoBERTa post-processor do.</summary>
internal sealed class OffsetTrimming(bool addPrefixSpace, Func<int, string> tokenOf)
{
    public void Apply(List<TokenRecord> tokens)
    {
        for (var index = 0; index < tokens.Count; index++)
        {
            var token = tokens[index];
            tokens[index] = token with { Span = Trim(token.Found ?? tokenOf(token.Id), token.Span, index == 0) };
        }
    }

    private TextSpan Trim(string token, TextSpan span, bool isFirst)
    {
        var leading = 0;
        while (leading < token.Length && IsSpace(token[leading]))
        {
            leading++;
        }

        var trailing = 0;
        while (trailing < token.Length && IsSpace(token[^(trailing + 1)]))
        {
            trailing++;
        }

        // One space at the very start is the one that the pre-tokenizer put there: it stands for nothing of the text.
        var isOwnPrefix = leading == 1 && addPrefixSpace && (isFirst || span.Start == 0);
        var start = isOwnPrefix ? span.Start : Math.Min(span.Start + leading, span.End);
        var end = span.End >= trailing ? Math.Max(span.End - trailing, start) : span.End;
        return new TextSpan(start, end);
    }

    private static bool IsSpace(char character) => character == ByteAlphabet.Space || CodePoints.IsWhiteSpace(character);
}
