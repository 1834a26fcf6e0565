using System.Text;
using System.Text.Json;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;
using Pyvene.Typed.Tokenization.Models;

namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>Reads a byte-pair model: the <c>model</c> of a <c>tokenizer.json</c>, or <c>vocab.json</c> and <c>merges.txt</c>.</summary>
internal static class BytePairReader
{
    public static BytePairModel Read(JsonPlace model)
    {
        var dropout = model["dropout"];
        if (dropout.Exists && dropout.Element.ValueKind != JsonValueKind.Number)
        {
            throw dropout.Wrong("a number");
        }

        if (dropout.Exists && dropout.Element.GetDouble() != 0)
        {
            throw dropout.Unsupported("merges that are dropped at random are for training, and are not supported; set it to null");
        }

        var options = new BytePairOptions
        {
            UnknownToken = model["unk_token"].OptionalString(),
            ContinuingSubwordPrefix = model["continuing_subword_prefix"].OptionalString() ?? "",
            EndOfWordSuffix = model["end_of_word_suffix"].OptionalString() ?? "",
            FuseUnknown = model["fuse_unk"].Boolean(false),
            ByteFallback = model["byte_fallback"].Boolean(false),
            IgnoreMerges = model["ignore_merges"].Boolean(false),
        };
        var vocabulary = VocabularyReader.Read(model["vocab"]);
        return Create(model, vocabulary, ReadMerges(model["merges"], vocabulary, options.ContinuingSubwordPrefix.Length), options);
    }

    public static BytePairModel Read(string vocabularyFile, string mergesFile)
    {
        var json = TokenizerFile.Read(vocabularyFile);
        var vocabulary = VocabularyReader.Read(json);
        return Create(json, vocabulary, ReadMerges(mergesFile, vocabulary), new BytePairOptions());
    }

    private static MergeTable ReadMerges(JsonPlace merges, Vocabulary vocabulary, int prefixLength)
    {
        var table = new MergeTable(merges.Element.ValueKind == JsonValueKind.Array
            ? merges.Element.GetArrayLength()
            : throw merges.Error("an array of merges is expected"));
        var rank = 0;
        foreach (var merge in merges.Element.EnumerateArray())
        {
            var (left, right) = merge.ValueKind switch
            {
                JsonValueKind.String => Halves(merge.GetString()!),
                JsonValueKind.Array when merge.GetArrayLength() == 2
                    && merge[0].ValueKind == JsonValueKind.String && merge[1].ValueKind == JsonValueKind.String =>
                    (merge[0].GetString()!, merge[1].GetString()!),
                _ => (null, null),
            };
            if (left is null || right is null)
            {
                throw new TokenizerException("a merge is two tokens, \"a b\" or [\"a\", \"b\"]", merges.Origin.Name, $"{merges.Path}[{rank}]");
            }

            if (Add(table, vocabulary, left, right, rank, prefixLength) is { } missing)
            {
                throw new TokenizerException(
                    $"the merge of '{left}' and '{right}' needs the token '{missing}', which is not in the vocabulary",
                    merges.Origin.Name,
                    $"{merges.Path}[{rank}]");
            }

            rank++;
        }

        return table;
    }

    private static MergeTable ReadMerges(string file, Vocabulary vocabulary)
    {
        var lines = Encoding.UTF8.GetString(TokenizerFile.ReadBytes(file)).Split('\n');
        var table = new MergeTable(lines.Length);
        var rank = 0;
        for (var index = 0; index < lines.Length; index++)
        {
            var line = lines[index].TrimEnd('\r');
            if (line.Length == 0 || line.StartsWith("#version", StringComparison.Ordinal))
            {
                continue;
            }

            var place = $"line {index + 1}";
            var (left, right) = Halves(line);
            if (left is null || right is null)
            {
                throw new TokenizerException($"a merge is two tokens with one space between, not '{line}'", file, place);
            }

            if (Add(table, vocabulary, left, right, rank, prefixLength: 0) is { } missing)
            {
                throw new TokenizerException($"the merge '{line}' needs the token '{missing}', which is not in the vocabulary", file, place);
            }

            rank++;
        }

        return table;
    }

    /// <summary>Reads merges from a list of texts.</summary>
    /// <param name="merges">The merges, the first first.</param>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="file">The file that they stand in.</param>
    /// <param name="place">Where they stand there.</param>
    /// <exception cref="TokenizerException">One is no pair, or needs a token that is not there.</exception>
    public static MergeTable ReadMerges(string[] merges, Vocabulary vocabulary, string file, string place)
    {
        var table = new MergeTable(merges.Length);
        foreach (var (rank, merge) in merges.Index())
        {
            var (left, right) = Halves(merge);
            if (left is null || right is null || Add(table, vocabulary, left, right, rank, prefixLength: 0) is not null)
            {
                throw new TokenizerException(
                    $"the merge '{Excerpt.Of(merge)}' is not two tokens of the vocabulary, with one space between, that join to a third",
                    file,
                    $"{place}[{rank}]");
            }
        }

        return table;
    }

    private static (string? Left, string? Right) Halves(string merge)
    {
        var space = merge.IndexOf(' ');
        return space > 0 && space < merge.Length - 1 && merge.IndexOf(' ', space + 1) < 0 ? (merge[..space], merge[(space + 1)..]) : (null, null);
    }

    /// <summary>Adds a merge; gives the token that it misses, if any.</summary>
    private static string? Add(MergeTable table, Vocabulary vocabulary, string left, string right, int rank, int prefixLength)
    {
        if (!vocabulary.TryGetId(left, out var leftId))
        {
            return left;
        }

        if (!vocabulary.TryGetId(right, out var rightId))
        {
            return right;
        }

        var merged = string.Concat(left, right.AsSpan(Math.Min(prefixLength, right.Length)));
        if (!vocabulary.TryGetId(merged, out var mergedId))
        {
            return merged;
        }

        table.Add(leftId, rightId, rank, mergedId);
        return null;
    }

    private static BytePairModel Create(JsonPlace place, Vocabulary vocabulary, MergeTable merges, BytePairOptions options) =>
        VocabularyReader.Guard(place, () => new BytePairModel(vocabulary, merges, options));
}
