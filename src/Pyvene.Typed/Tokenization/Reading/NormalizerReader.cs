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
            var other => throw type.Unsupported($"the normalizer '{other}' is not supported"),
        };
    }
}
