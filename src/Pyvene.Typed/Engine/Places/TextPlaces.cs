namespace Pyvene.Typed.Engine;

/// <summary>
/// Is where a text stands in a tokenized one: the last token of every occurrence that begins and ends with a token, and the occurrences that do not.
/// </summary>
internal sealed class TextPlaces
{
    private const int LargestNumberShown = 5;
    private readonly TokenizedText where;
    private readonly List<string> insides = [];
    private int skipped; // tokens that end before all that is still looked at

    private TextPlaces(TokenizedText where) => this.where = where;

    /// <summary>Gets the last token of every occurrence.</summary>
    public List<int> Tokens { get; } = [];

    /// <summary>Gets what to do where there is not exactly one occurrence.</summary>
    public string Remedy => Tokens.Count > 0 ? "it must occur exactly once. Use a longer text, or a number."
        : insides.Count > 0 ? "a position is a whole token. Name whole tokens, or use a number."
        : "it must occur exactly once. Use a text that is there, or a number.";

    /// <summary>Finds the occurrences of a text.</summary>
    /// <param name="where">The tokenized text.</param>
    /// <param name="text">What is looked for; white space that its tokens begin or end with may be left out.</param>
    public static TextPlaces Find(TokenizedText where, string text)
    {
        var places = new TextPlaces(where);
        for (var first = Next(0); first >= 0; first = Next(first + 1))
        {
            places.Add(first, first + text.Length);
        }

        return places;

        int Next(int from) => text.Length == 0 || from >= where.Text.Length ? -1 : where.Text.IndexOf(text, from, StringComparison.Ordinal);
    }

    /// <summary>Says in words why there is not exactly one occurrence.</summary>
    /// <param name="text">What was looked for.</param>
    public string Problem(string text) => Tokens.Count > 1
        ? $"the text \"{text}\" occurs more than once, at the positions "
            + $"{Listed(Tokens.Select(token => token.ToString(System.Globalization.CultureInfo.InvariantCulture)))},"
        : insides.Count > 0
        ? $"the text \"{text}\" does not begin and end with a token but lies inside of {Listed(insides)}"
        : $"the text \"{text}\" does not occur";

    private static string Listed(IEnumerable<string> items)
    {
        var all = items.ToList();
        return string.Join(", ", all.Take(LargestNumberShown)) + (all.Count > LargestNumberShown ? $" and {all.Count - LargestNumberShown} more" : "");
    }

    private void Add(int first, int end)
    {
        for (; skipped < where.Spans.Count && where.Spans[skipped].End <= first; skipped++)
        {
        }

        var (isWhole, touched) = (true, new List<int>());
        for (var token = skipped; token < where.Spans.Count && where.Spans[token].Start < end; token++)
        {
            var span = where.Spans[token];
            if (span.Length > 0)
            {
                touched.Add(token);
                isWhole &= IsSpace(span.Start, first) && IsSpace(end, span.End);
            }
        }

        if (touched.Count > 0 && isWhole)
        {
            Tokens.Add(touched[^1]);
        }
        else if (touched.Count > 0)
        {
            insides.Add((touched.Count == 1 ? "the token " : "the tokens ")
                + string.Join(" ", touched.Select(token => $"\"{where.Text[where.Spans[token].Start..where.Spans[token].End]}\"")));
        }
    }

    // Also where there is nothing.
    private bool IsSpace(int start, int end) => start >= end || where.Text.AsSpan(start, end - start).IsWhiteSpace();
}
