using Pyvene.Typed.Json;
using Pyvene.Typed.Tokenization.Decoders;
using Pyvene.Typed.Tokenization.Normalizers;
using Pyvene.Typed.Tokenization.PreTokenizers;

namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>Reads a <c>decoder</c>.</summary>
internal static class DecoderReader
{
    public static TokenDecoder? Read(JsonPlace place)
    {
        if (!place.Exists)
        {
            return null;
        }

        var type = place["type"];
        return type.String() switch
        {
            "Sequence" => new DecoderSequence([.. place["decoders"].Items().Select(step => Read(step) ?? throw step.Error("a step is null"))]),
            "ByteLevel" => new ByteLevelDecoder(),
            "ByteFallback" => new ByteFallbackDecoder(),
            "Fuse" => new FuseDecoder(),
            "WordPiece" => WordPiece(place["prefix"].String(), place["cleanup"].Boolean()),
            "Metaspace" => ReadMetaspace(place),
            "Replace" => ReadReplace(place),
            "Strip" => ReadStrip(place),
            "BPEDecoder" => ReadBytePair(place["suffix"].String()),
            "CTC" => new CtcDecoder(place["pad_token"].String(), place["word_delimiter_token"].String(), place["cleanup"].Boolean()),
            var other => throw type.Unsupported($"the decoder '{other}' is not supported"),
        };
    }

    /// <summary>Returns the decoder of word pieces.</summary>
    /// <param name="prefix">What a token that does not begin a word has before it.</param>
    /// <param name="cleanUp">Whether spaces before punctuation are taken out.</param>
    public static EachTokenDecoder WordPiece(string prefix, bool cleanUp) => new((token, isFirst, _) =>
    {
        var word = isFirst ? token : token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : " " + token;
        return cleanUp ? EnglishSpacing.Close(word, withDoNot: true) : word;
    });

    /// <summary>Returns the decoder of SentencePiece's models with byte fallback.</summary>
    /// <param name="hasPrefix">Whether the space that was put before the text is taken off.</param>
    public static DecoderSequence SentencePiece(bool hasPrefix) => new(
    [
        new EachTokenDecoder((token, _, _) => token.Replace('▁', ' ')),
        new ByteFallbackDecoder(),
        new FuseDecoder(),
        .. hasPrefix ? [new EachTokenDecoder((text, _, _) => text.StartsWith(' ') ? text[1..] : text)] : (TokenDecoder[])[],
    ]);

    private static EachTokenDecoder ReadMetaspace(JsonPlace place)
    {
        var replacement = PreTokenizerReader.ReadCharacter(place["replacement"]);
        var hasPrefix = PreTokenizerReader.ReadPrefix(place) != PrefixScheme.Never;
        return new EachTokenDecoder((token, isFirst, _) => token.Replace(replacement, isFirst && hasPrefix ? "" : " ", StringComparison.Ordinal));
    }

    private static EachTokenDecoder ReadReplace(JsonPlace place)
    {
        var replace = new ReplaceNormalizer(PatternReader.Read(place["pattern"]), place["content"].String());
        return new EachTokenDecoder((token, _, _) => replace.Normalize(token));
    }

    private static EachTokenDecoder ReadStrip(JsonPlace place)
    {
        var content = PreTokenizerReader.ReadCharacter(place["content"]);
        var (start, stop) = (Count(place["start"]), Count(place["stop"]));
        return new EachTokenDecoder((token, _, _) =>
        {
            for (var cut = 0; cut < start && token.StartsWith(content, StringComparison.Ordinal); cut++)
            {
                token = token[content.Length..];
            }

            for (var cut = 0; cut < stop && token.EndsWith(content, StringComparison.Ordinal); cut++)
            {
                token = token[..^content.Length];
            }

            return token;
        });
    }

    private static int Count(JsonPlace place) => place.Integer() is >= 0 and var count ? count : throw place.Wrong("a number of at least 0");

    private static EachTokenDecoder ReadBytePair(string suffix) => new((token, _, isLast) => RustText.Replace(token, suffix, isLast ? "" : " "));
}
