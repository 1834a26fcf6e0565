using System.Collections.Immutable;
using System.Globalization;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization;

namespace Pyvene.Typed;

/// <summary>
/// Is the token that a lens follows or whose logit is taken apart: one for all prompts or one a prompt, by its text or by its id. A text and an id convert to
/// it by themselves. Immutable.
/// </summary>
public sealed class TokenChoice
{
    private const int Named = 4;

    private readonly ImmutableArray<string> texts; // empty = ids are given
    private readonly ImmutableArray<int> ids;

    private TokenChoice(ImmutableArray<string> texts, ImmutableArray<int> ids) => (this.texts, this.ids) = (texts, ids);

    private int Count => Math.Max(texts.Length, ids.Length);

    /// <summary>Returns tokens by their texts.</summary>
    /// <param name="texts">The texts, with their leading spaces where they have them: one for all prompts, or one a prompt, in their order.</param>
    /// <exception cref="ArgumentException">There is none, or one is null.</exception>
    public static TokenChoice Of(params IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return texts.Count > 0 && texts.All(text => text is not null)
            ? new([.. texts], [])
            : throw new ArgumentException("A choice has at least one token, and none that is null.", nameof(texts));
    }

    /// <summary>Returns tokens by their ids, as models without a tokenizer need them.</summary>
    /// <param name="ids">The ids, at least 0: one for all prompts, or one a prompt, in their order.</param>
    /// <exception cref="ArgumentException">There is none, or one is below 0.</exception>
    public static TokenChoice OfIds(params IReadOnlyList<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return ids.Count > 0 && ids.All(id => id >= 0)
            ? new([], [.. ids])
            : throw new ArgumentException("A choice has at least one token, and no id below 0.", nameof(ids));
    }

    /// <summary>Converts the text of one token.</summary>
    /// <param name="text">The text, such as <c>" Rome"</c>.</param>
    public static implicit operator TokenChoice(string text) => Of(text);

    /// <summary>Converts the texts of tokens, one a prompt.</summary>
    /// <param name="texts">The texts.</param>
    public static implicit operator TokenChoice(string[] texts) => Of(texts);

    /// <summary>Converts the id of one token.</summary>
    /// <param name="id">The id.</param>
    public static implicit operator TokenChoice(int id) => OfIds(id);

    /// <summary>Returns the tokens as they are shown: <c>“ Rome”</c>, or <c>#17</c>.</summary>
    public override string ToString() =>
        string.Join(", ", Enumerable.Range(0, Count).Take(Named).Select(ShownIn))
        + (Count > Named ? string.Create(CultureInfo.InvariantCulture, $", … {Count}") : "");

    /// <summary>Returns the token of one example as it is shown.</summary>
    internal string ShownIn(int example) => texts.IsEmpty
        ? string.Create(CultureInfo.InvariantCulture, $"#{ids[Count == 1 ? 0 : example]}")
        : $"“{texts[Count == 1 ? 0 : example]}”";

    /// <summary>Returns the id of every example's token.</summary>
    /// <param name="tokenizer">The tokenizer; <see langword="null"/> = there is none.</param>
    /// <param name="vocabulary">How many tokens have a logit.</param>
    /// <param name="examples">How many examples there are.</param>
    /// <exception cref="InterventionException">A text is not one token, an id has no logit, or there are not as many tokens as examples.</exception>
    internal long[] IdsFor(TextTokenizer? tokenizer, long vocabulary, int examples)
    {
        if (Count != 1 && Count != examples)
        {
            throw new InterventionException("token", FormattableString.Invariant($"There are {Count} tokens ({this}), but {examples} ")
                + $"{(examples == 1 ? "prompt" : "prompts")}; give one for all of them, or one for each.");
        }

        long[] found = texts.IsEmpty
            ? [.. ids.Select(id => (long)id)]
            : [.. texts.Select(text => (long)TokenNames.IdOf(tokenizer, text, "token", "give its id"))];
        if (found.FirstOrDefault(id => id >= vocabulary) is > 0 and var beyond)
        {
            throw new InterventionException(
                "token", FormattableString.Invariant($"The model has logits of {vocabulary} tokens (0 to {vocabulary - 1}), but none of #{beyond}."));
        }

        return found.Length == examples ? found : [.. Enumerable.Repeat(found[0], examples)];
    }
}
