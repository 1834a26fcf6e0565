namespace Pyvene.Typed.Conformance.Groups.Tokenizers;

/// <summary>Normalisers, pre-tokenizers and decoders one by one.</summary>
internal static class PartCases
{
    public static void Check(GoldenCase golden, Comparison comparison) =>
        throw new UnsupportedCaseException("parts of tokenizers are not supported yet");
}
