using Pyvene.Typed.Tokenization.Normalizers;
using Pyvene.Typed.Tokenization.Patterns;

namespace Pyvene.Typed.Tokenization.AddedTokens;

/// <summary>The tokens added to a model's vocabulary, and how they are cut out of a text.</summary>
internal sealed class AddedVocabulary
{
    private readonly Dictionary<int, AddedToken> byId = [];
    private readonly Dictionary<string, AddedToken> byContent = new(StringComparer.Ordinal);
    private readonly AddedTokenTrie inOriginal = new();
    private readonly AddedTokenTrie inNormalized = new();

    /// <param name="tokens">The tokens; of two with the same content the later counts.</param>
    /// <param name="normalizer">What the text behind <see cref="AddedToken.IsNormalized"/> goes through; null leaves it alone.</param>
    public AddedVocabulary(IEnumerable<AddedToken> tokens, Normalizer? normalizer)
    {
        foreach (var token in tokens)
        {
            byContent[token.Content] = token;
            byId[token.Id] = token;
        }

        foreach (var token in byContent.Values)
        {
            if (token.IsNormalized)
            {
                inNormalized.Add(normalizer?.Normalize(token.Content) ?? token.Content, token);
            }
            else
            {
                inOriginal.Add(token.Content, token);
            }
        }
    }

    public IEnumerable<AddedToken> Tokens => byId.Values;

    public AddedToken? Find(int id) => byId.GetValueOrDefault(id);

    public AddedToken? Find(string content) => byContent.GetValueOrDefault(content);

    /// <summary>Cuts a text at the tokens that are looked for in it; where no token is, the token is null.</summary>
    /// <param name="text">The text.</param>
    /// <param name="normalized">Whether it is the normalised text.</param>
    /// <param name="staysText">Whether a token found at a span of the text is text all the same; null where none is.</param>
    public List<(TextSpan Span, AddedToken? Token)> Cut(ReadOnlySpan<char> text, bool normalized, Func<AddedToken, TextSpan, bool>? staysText = null)
    {
        var stretches = new List<(TextSpan, AddedToken?)>();
        var trie = normalized ? inNormalized : inOriginal;
        var reached = 0;
        for (var from = 0; !trie.IsEmpty && trie.Find(text, from) is var (span, token);)
        {
            from = span.End;
            if ((token.IsSingleWord && TouchesWord(text, span)) || staysText?.Invoke(token, span) == true)
            {
                continue;
            }

            // White space that is taken already is not gone through again: else a text of tokens that are spaces takes the square of its length.
            var start = token.StripsLeft ? SkipSpaceLeft(text, Math.Max(reached, span.Start), reached) : span.Start;
            var end = token.StripsRight ? SkipSpaceRight(text, Math.Max(reached, span.End)) : span.End;
            if (reached < start)
            {
                stretches.Add((new TextSpan(reached, start), null));
            }

            stretches.Add((new TextSpan(start, end), token));
            reached = end;
        }

        if (reached < text.Length)
        {
            stretches.Add((new TextSpan(reached, text.Length), null));
        }

        return stretches;
    }

    private static bool TouchesWord(ReadOnlySpan<char> text, TextSpan span) =>
        span.Start > 0 && IsWord(CodePoints.Read(text, span.Start - CodePoints.WidthBefore(text, span.Start), out _))
        || span.End < text.Length && IsWord(CodePoints.Read(text, span.End, out _));

    // To the engine that the reference asks here, the two joiners belong to words.
    private static bool IsWord(int codePoint) => codePoint is 0x200C or 0x200D || CodePoints.IsWord(codePoint);

    // White space lies in the basic plane, so units are code points here.
    private static int SkipSpaceLeft(ReadOnlySpan<char> text, int position, int floor)
    {
        while (position > floor && CodePoints.IsWhiteSpace(text[position - 1]))
        {
            position--;
        }

        return position;
    }

    private static int SkipSpaceRight(ReadOnlySpan<char> text, int position)
    {
        while (position < text.Length && CodePoints.IsWhiteSpace(text[position]))
        {
            position++;
        }

        return position;
    }
}
