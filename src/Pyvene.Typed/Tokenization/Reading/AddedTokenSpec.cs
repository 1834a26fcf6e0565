using System.Text.Json;
using Pyvene.Typed.Json;
using Pyvene.Typed.Tokenization.AddedTokens;

namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>An added token as the files describe it, before it is known which id it gets.</summary>
/// <param name="Content">Its text.</param>
internal sealed record AddedTokenSpec(string Content)
{
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
            return new AddedTokenSpec(place.String());
        }

        var isSpecial = place["special"].Boolean(false);
        return new AddedTokenSpec(place["content"].String())
        {
            Id = place["id"] is { Exists: true } id ? id.Integer() : null,
            IsSpecial = isSpecial,
            StripsLeft = place["lstrip"].Boolean(false),
            StripsRight = place["rstrip"].Boolean(false),
            IsSingleWord = place["single_word"].Boolean(false),
            IsNormalized = place["normalized"].Boolean(!isSpecial),
        };
    }

    public AddedToken WithId(int id) => new(id, Content)
    {
        IsSpecial = IsSpecial,
        StripsLeft = StripsLeft,
        StripsRight = StripsRight,
        IsSingleWord = IsSingleWord,
        IsNormalized = IsNormalized,
    };
}
