using Pyvene.Typed.Json;
using Pyvene.Typed.Tokenization.Normalizers;

namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>Reads a <c>normalizer</c>.</summary>
internal static class NormalizerReader
{
    public static Normalizer? Read(JsonPlace place)
    {
        if (!place.Exists)
        {
            return null;
        }

        var type = place["type"];
        return type.String() switch
        {
            "Sequence" => new NormalizerSequence([.. place["normalizers"].Items().Select(step => Read(step) ?? throw step.Error("a step is null"))]),
            "NFC" => new UnicodeNormalizer(UnicodeForm.Nfc),
            "NFD" => new UnicodeNormalizer(UnicodeForm.Nfd),
            "NFKC" => new UnicodeNormalizer(UnicodeForm.Nfkc),
            "NFKD" => new UnicodeNormalizer(UnicodeForm.Nfkd),
            "Lowercase" => CodePointNormalizer.Lowercase,
            "StripAccents" => CodePointNormalizer.StripAccents,
            "Strip" => new StripNormalizer(place["strip_left"].Boolean(true), place["strip_right"].Boolean(true)),
            "Replace" => new ReplaceNormalizer(PatternReader.Read(place["pattern"]), place["content"].String()),
            "Prepend" => new PrependNormalizer(place["prepend"].String()),
            "ByteLevel" => new ByteLevelNormalizer(),
            "Nmt" => CodePointNormalizer.Nmt,
            "Precompiled" => new PrecompiledNormalizer(ReadMap(place["precompiled_charsmap"])),
            "BertNormalizer" => ReadBert(place),
            var other => throw type.Unsupported($"the normalizer '{other}' is not supported"),
        };
    }

    private static NormalizerSequence ReadBert(JsonPlace place)
    {
        var lowercase = place["lowercase"].Boolean(true);
        var steps = new List<Normalizer>();
        if (place["clean_text"].Boolean(true))
        {
            steps.Add(CodePointNormalizer.Clean);
        }

        if (place["handle_chinese_chars"].Boolean(true))
        {
            steps.Add(CodePointNormalizer.SeparateChinese);
        }

        if (place["strip_accents"].Boolean(lowercase))
        {
            steps.AddRange([new UnicodeNormalizer(UnicodeForm.Nfd), CodePointNormalizer.StripNonSpacingMarks]);
        }

        if (lowercase)
        {
            steps.Add(CodePointNormalizer.Lowercase);
        }

        return new NormalizerSequence(steps);
    }

    private static CharacterMap ReadMap(JsonPlace place)
    {
        try
        {
            return new CharacterMap(Convert.FromBase64String(place.String()));
        }
        catch (FormatException error)
        {
            throw place.Error($"the table cannot be read: {error.Message}", error);
        }
    }
}
