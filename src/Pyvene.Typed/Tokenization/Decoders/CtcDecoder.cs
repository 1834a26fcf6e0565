namespace Pyvene.Typed.Tokenization.Decoders;

/// <summary>Reads the frames of speech recognition: equal neighbours are one, padding goes, and a token stands for the space between words.</summary>
internal sealed class CtcDecoder(string padding, string delimiter, bool cleanUp) : TokenDecoder
{
    public override IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) =>
        [.. tokens.Where((token, index) => index == 0 || token != tokens[index - 1]).Select(Read).Where(token => token.Length > 0)];

    private string Read(string token)
    {
        var kept = RustText.Replace(token, padding, "");
        return cleanUp ? RustText.Replace(EnglishSpacing.Close(kept, withDoNot: true), delimiter, " ") : kept;
    }
}
