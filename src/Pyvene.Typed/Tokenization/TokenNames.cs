using System.Globalization;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization;

/// <summary>Finds tokens by what they are called, and says what they are called.</summary>
internal static class TokenNames
{
    /// <summary>Returns the token that a text is.</summary>
    /// <param name="tokenizer">The tokenizer; <see langword="null"/> = there is none.</param>
    /// <param name="text">The text, with its leading space where it has one.</param>
    /// <param name="field">What names the token, such as <c>metric</c>, for messages.</param>
    /// <param name="withoutTokenizer">What to do where there is no tokenizer.</param>
    /// <exception cref="InterventionException">The text is not one token, or there is no tokenizer.</exception>
    public static int IdOf(TextTokenizer? tokenizer, string text, string field, string withoutTokenizer)
    {
        if (tokenizer is null)
        {
            throw new InterventionException(field, $"The {field} names the token \"{text}\", but the model has no tokenizer; {withoutTokenizer}.");
        }

        if (tokenizer.TryGetId(text, out var id))
        {
            return id;
        }

        var pieces = string.Join(", ", tokenizer.Encode(text, addSpecialTokens: false).Select(piece => $"\"{tokenizer.TokenText(piece)}\""));
        var spaced = !text.StartsWith(' ') && tokenizer.TryGetId(" " + text, out _) ? $" Did you mean \" {text}\", with its space?" : "";
        throw new InterventionException(field, $"\"{text}\" is not one token but {(pieces.Length == 0 ? "none" : pieces)}.{spaced}");
    }

    /// <summary>Returns the text of a token; of one that the tokenizer lacks, or without a tokenizer, its number: <c>#17</c>.</summary>
    /// <param name="tokenizer">The tokenizer; <see langword="null"/> = there is none.</param>
    /// <param name="id">The token's id.</param>
    public static string TextOf(TextTokenizer? tokenizer, int id) =>
        tokenizer?.VocabularyToken(id) is null ? string.Create(CultureInfo.InvariantCulture, $"#{id}") : tokenizer.TokenText(id);
}
