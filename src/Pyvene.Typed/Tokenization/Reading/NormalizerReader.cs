using Pyvene.Typed.Json;
using Pyvene.Typed.Tokenization.Normalizers;
using Pyvene.Typed.Tokenization.Patterns;

namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>Reads a <c>normalizer</c>.</summary>
internal static class NormalizerReader
{
    /// <param name="place">The normalizer; one that does not exist is none.</param>
    /// <param name="bert">What the tokenizer's configuration has BERT's normalizer do; <see langword="null"/> lets the file alone decide.</param>
    public static Normalizer? Read(JsonPlace place, BertNormalization? bert = null)
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
            "BertNormalizer" => Bert(
                bert ?? new(place["lowercase"].Boolean(true), Flag(place["strip_accents"]), place["handle_chinese_chars"].Boolean(true)),
                place["clean_text"].Boolean(true)),
            var other => throw type.Unsupported($"the normalizer '{other}' is not supported"),
        };
    }

    /// <summary>Returns BERT's normalizer.</summary>
    /// <param name="settings">What it does.</param>
    /// <param name="cleans">Whether it takes out control characters and makes white space spaces.</param>
    public static NormalizerSequence Bert(BertNormalization settings, bool cleans)
    {
        var steps = new List<Normalizer>();
        if (cleans)
        {
            steps.Add(CodePointNormalizer.Clean);
        }

        if (settings.SeparatesChinese)
        {
            steps.Add(CodePointNormalizer.SeparateChinese);
        }

        if (settings.StripAccents ?? settings.LowerCase)
        {
            steps.AddRange([new UnicodeNormalizer(UnicodeForm.Nfd), CodePointNormalizer.StripNonSpacingMarks]);
        }

        if (settings.LowerCase)
        {
            steps.Add(CodePointNormalizer.Lowercase);
        }

        return new NormalizerSequence(steps);
    }

    /// <summary>Returns what SentencePiece's models with byte fallback do to a text: spaces become visible.</summary>
    /// <param name="hasPrefix">Whether one is put before the text.</param>
    public static Normalizer SentencePiece(bool hasPrefix)
    {
        var spaces = new ReplaceNormalizer(TextPattern.Literal(" "), "▁");
        return hasPrefix ? new NormalizerSequence([new PrependNormalizer("▁"), spaces]) : spaces;
    }

    private static bool? Flag(JsonPlace place) => place.Exists ? place.Boolean() : null;

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
