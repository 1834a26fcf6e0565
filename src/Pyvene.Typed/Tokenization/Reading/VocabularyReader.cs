using System.Text.Json;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;
using Pyvene.Typed.Tokenization.Models;

namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>Reads tokens with their ids, and the models that are little more than that.</summary>
internal static class VocabularyReader
{
    public static WordLevelModel ReadWordLevel(JsonPlace model) => new(Read(model["vocab"]), model["unk_token"].OptionalString() ?? "<unk>");

    public static WordPieceModel ReadWordPiece(JsonPlace model)
    {
        var longest = model["max_input_chars_per_word"];
        return new WordPieceModel(
            Read(model["vocab"]),
            model["unk_token"].OptionalString() ?? "[UNK]",
            model["continuing_subword_prefix"].OptionalString() ?? "##",
            longest.Integer(100) is >= 0 and var count ? count : throw longest.Wrong("a number of at least 0"));
    }

    /// <summary>Reads an object of tokens and ids.</summary>
    public static Vocabulary Read(JsonPlace place)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        if (place.Element.ValueKind != JsonValueKind.Object)
        {
            throw place.Error("an object of tokens and ids is expected");
        }

        // Without a place for each member: there are tens of thousands of them.
        foreach (var member in place.Element.EnumerateObject())
        {
            ids[member.Name] = member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt32(out var id)
                ? id
                : throw place.Error($"the token '{Excerpt.Of(member.Name)}' has no integer for an id");
        }

        return Guard(place, () => new Vocabulary(ids));
    }

    /// <summary>Tells where in a file stands what a constructor refuses.</summary>
    public static T Guard<T>(JsonPlace place, Func<T> create)
    {
        try
        {
            return create();
        }
        catch (FormatException error)
        {
            throw place.Error(error.Message, error);
        }
    }
}
