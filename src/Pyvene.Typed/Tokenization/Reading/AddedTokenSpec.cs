using System.Text.Json;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;
using Pyvene.Typed.Tokenization.AddedTokens;

namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>An added token as the files describe it, before it is known which id it gets.</summary>
/// <param name="Content">Its text.</param>
internal sealed record AddedTokenSpec(string Content)
{
    /// <summary>How long one may be: they are looked for at every place of a text.</summary>
    public const int LongestContent = 1000;

    /// <summary>Gets the id that the file names; null where it names none.</summary>
    public int? Id { get; init; }

    /// <inheritdoc cref="AddedToken.IsSpecial"/>
    public bool IsSpecial { get; init; }

    /// <inheritdoc cref="AddedToken.StripsLeft"/>
    public bool StripsLeft { get; init; }

    /// <inheritdoc cref="AddedToken.StripsRight"/>
    public bool StripsRight { get; init; }

    /// <inheritdoc cref="AddedToken.IsSingleWord"/>
    public bool IsSingleWord { get; init; }

    /// <inheritdoc cref="AddedToken.IsNormalized"/>
    public bool IsNormalized { get; init; }

    /// <summary>Reads a token: a text, or an object with its settings.</summary>
    public static AddedTokenSpec Read(JsonPlace place)
    {
        if (place.Element.ValueKind == JsonValueKind.String)
        {
            return new AddedTokenSpec(Bounded(place));
        }

        var isSpecial = place["special"].Boolean(false);
        return new AddedTokenSpec(Bounded(place["content"]))
        {
            Id = place["id"] is { Exists: true } id ? id.Integer() : null,
            IsSpecial = isSpecial,
            StripsLeft = place["lstrip"].Boolean(false),
            StripsRight = place["rstrip"].Boolean(false),
            IsSingleWord = place["single_word"].Boolean(false),
            IsNormalized = place["normalized"].Boolean(!isSpecial),
        };
    }

    /// <summary>Refuses an added token that is too long to be one.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="content">The token.</param>
    public static string Bounded(JsonPlace place, string content) => content.Length <= LongestContent
        ? content
        : throw place.Error($"the added token '{Excerpt.Of(content)}' has {content.Length} characters; at most {LongestContent} are read");

    private static string Bounded(JsonPlace place) => Bounded(place, place.String());

    public AddedToken WithId(int id) => new(id, Content)
    {
        IsSpecial = IsSpecial,
        StripsLeft = StripsLeft,
        StripsRight = StripsRight,
        IsSingleWord = IsSingleWord,
        IsNormalized = IsNormalized,
    };
}
