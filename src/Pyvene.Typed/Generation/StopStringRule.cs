using System.Text;
using Pyvene.Typed.Tokenization;

namespace Pyvene.Typed.Generation;

/// <summary>
/// Ends a text whose last token completes one of several strings, as transformers' <c>StopStringCriteria</c>; the prompt may hold the string's beginning.
/// </summary>
internal sealed class StopStringRule(TextTokenizer tokenizer, IReadOnlyList<string> strings)
{
    // A token holds a byte at least, so that a string is never longer than as many tokens.
    private readonly int longest = strings.Max(Encoding.UTF8.GetByteCount);

    /// <summary>Returns whether the last token completes a string.</summary>
    /// <param name="tokens">The text with its prompt, at least one token.</param>
    public bool Ends(IReadOnlyList<int> tokens)
    {
        var tail = tokens.Skip(Math.Max(0, tokens.Count - longest - 1)).ToArray();
        var text = tokenizer.Decode(tail, cleanUp: false);
        var before = tokenizer.Decode(tail[..^1], cleanUp: false).TrimEnd('\uFFFD').Length; // a character whose bytes were not all there is new
        return strings.Any(stop =>
            text.Length > before && text.IndexOf(stop, Math.Max(0, Math.Min(before - stop.Length + 1, text.Length)), StringComparison.Ordinal) >= 0);
    }
}
