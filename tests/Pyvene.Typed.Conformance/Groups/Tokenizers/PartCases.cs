using System.Text.Json;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;
using Pyvene.Typed.Tokenization;
using Pyvene.Typed.Tokenization.Reading;
using Pyvene.Typed.Tokenization.Text;

namespace Pyvene.Typed.Conformance.Groups.Tokenizers;

/// <summary>Normalisers, pre-tokenizers and decoders one by one, read as they stand in a <c>tokenizer.json</c>.</summary>
internal static class PartCases
{
    public static void Check(GoldenCase golden, Comparison comparison)
    {
        try
        {
            if (golden.Field("normalizer") is { } normalizer) CheckNormalizer(golden, comparison, normalizer);
            else if (golden.Field("pre_tokenizer") is { } preTokenizer) CheckPreTokenizer(golden, comparison, preTokenizer);
            else if (golden.Field("decoder") is { } decoder) CheckDecoder(golden, comparison, decoder);
            else throw new UnsupportedCaseException("the case names no part that is known");
        }
        catch (TokenizerException failure) when (failure.IsUnsupported)
        {
            throw new UnsupportedCaseException(failure.Message);
        }
    }

    private static void CheckNormalizer(GoldenCase golden, Comparison comparison, JsonElement part)
    {
        var normalizer = NormalizerReader.Read(new JsonPlace(part, "normalizer", new TokenizerFile(golden.Id)))!;
        comparison.Exact("out", normalizer.Normalize(golden.Required("text").GetString()!), golden.Required("out").GetString()!);
    }

    private static void CheckPreTokenizer(GoldenCase golden, Comparison comparison, JsonElement part)
    {
        var text = golden.Required("text").GetString()!;
        var aligned = AlignedText.Create(text.ToCharArray(), new TextSpan(0, text.Length), tracksOffsets: true);
        if (text.Length > 0) PreTokenizerReader.Read(new JsonPlace(part, "pre_tokenizer", new TokenizerFile(golden.Id)))!.Apply(aligned);
        var pieces = aligned.Pieces.Where(piece => piece.Length > 0).ToList();
        var units = pieces.ConvertAll(piece => aligned.Origin(piece.Start, piece.End));
        var index = new CodePointIndex(text);
        comparison.Sequence("pieces", pieces.ConvertAll(piece => aligned.Characters(piece).ToString()), golden.Required("pieces").Strings());
        comparison.Sequence("offsets", units.ConvertAll(index.ToCodePoints), golden.Required("offsets").Spans());
        if (golden.Field("offsets_utf16") is { } expected) comparison.Sequence("offsets_utf16", units, expected.Spans());
    }

    private static void CheckDecoder(GoldenCase golden, Comparison comparison, JsonElement part)
    {
        var decoder = DecoderReader.Read(new JsonPlace(part, "decoder", new TokenizerFile(golden.Id)))!;
        comparison.Exact("out", string.Concat(decoder.Decode(golden.Required("tokens").Strings())), golden.Required("out").GetString()!);
    }
}
