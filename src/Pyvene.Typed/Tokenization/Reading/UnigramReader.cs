using System.Text.Json;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;
using Pyvene.Typed.Tokenization.Models;

namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>Reads a unigram model: an array of tokens and scores, whose places are the ids.</summary>
internal static class UnigramReader
{
    // A text is compared with the tokens at every place, so that their length is what a place costs.
    private const int LongestToken = 4096;

    public static UnigramModel Read(JsonPlace model)
    {
        var vocabulary = model["vocab"];
        if (!vocabulary.IsArray)
        {
            throw vocabulary.Wrong("an array of tokens and scores");
        }

        var tokens = new string[vocabulary.Element.GetArrayLength()];
        var scores = new double[tokens.Length];
        foreach (var (id, entry) in vocabulary.Element.EnumerateArray().Index())
        {
            if (entry.ValueKind != JsonValueKind.Array || entry.GetArrayLength() != 2 || entry[0].ValueKind != JsonValueKind.String
                || entry[1].ValueKind != JsonValueKind.Number || !entry[1].TryGetDouble(out scores[id]) || !double.IsFinite(scores[id]))
            {
                throw new TokenizerException("an entry is a token and its score, [\"a\", -1.5]", vocabulary.Origin.Name, $"{vocabulary.Path}[{id}]");
            }

            tokens[id] = entry[0].GetString()!;
            if (tokens[id].Length > LongestToken)
            {
                throw new TokenizerException(
                    $"the token '{Excerpt.Of(tokens[id])}' has {tokens[id].Length} characters; at most {LongestToken} are read",
                    vocabulary.Origin.Name,
                    $"{vocabulary.Path}[{id}]");
            }
        }

        var place = model["unk_id"];
        int? unknown = place.Exists ? place.Integer() : null;
        return unknown < 0 || unknown >= tokens.Length
            ? throw place.Error($"no token has the id {unknown}; the vocabulary has {tokens.Length}")
            : new UnigramModel(new Vocabulary(tokens), scores, unknown, model["byte_fallback"].Boolean(false));
    }
}
