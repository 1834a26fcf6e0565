using System.Collections.Immutable;

namespace Pyvene.Typed;

/// <summary>Is what a language model reads: one text, a batch of texts, or token ids. Immutable.</summary>
public sealed class Prompt
{
    private Prompt(ImmutableArray<string> texts, ImmutableArray<ImmutableArray<int>> tokenIds)
    {
        Texts = texts;
        TokenIds = tokenIds;
    }

    /// <summary>Gets the texts, one an example; empty when token ids were given.</summary>
    public ImmutableArray<string> Texts { get; }

    /// <summary>Gets the token ids, one list an example; empty when texts were given.</summary>
    public ImmutableArray<ImmutableArray<int>> TokenIds { get; }

    /// <summary>Returns a batch of texts; shorter ones are padded on the left when it runs.</summary>
    /// <param name="texts">The texts, at least one.</param>
    /// <exception cref="ArgumentException">There is none, or one is null.</exception>
    public static Prompt Of(params IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return texts.Count > 0 && texts.All(text => text is not null)
            ? new Prompt([.. texts], [])
            : throw new ArgumentException("A prompt needs at least one text, and none that is null.", nameof(texts));
    }

    /// <summary>Returns a batch of token ids; shorter ones are padded on the left when it runs.</summary>
    /// <param name="tokenIds">The ids, at least one example and one token in each.</param>
    /// <exception cref="ArgumentException">There is no example, or one without a token.</exception>
    public static Prompt OfTokens(params IReadOnlyList<IReadOnlyList<int>> tokenIds)
    {
        ArgumentNullException.ThrowIfNull(tokenIds);
        return tokenIds.Count > 0 && tokenIds.All(ids => ids is { Count: > 0 })
            ? new Prompt([], [.. tokenIds.Select(ids => ids.ToImmutableArray())])
            : throw new ArgumentException("A prompt needs at least one example with at least one token.", nameof(tokenIds));
    }

    /// <summary>Converts a text.</summary>
    /// <param name="text">The prompt's text.</param>
    public static implicit operator Prompt(string text) => Of(text);

    /// <summary>Converts a batch of texts, one an example.</summary>
    /// <param name="texts">The prompts' texts.</param>
    public static implicit operator Prompt(string[] texts) => Of(texts);
}
