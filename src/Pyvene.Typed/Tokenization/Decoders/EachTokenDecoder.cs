namespace Pyvene.Typed.Tokenization.Decoders;

/// <summary>Changes every token by itself; it is told whether the token is the first, and whether it is the last.</summary>
internal sealed class EachTokenDecoder(Func<string, bool, bool, string> change) : TokenDecoder
{
    public override IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) =>
        [.. tokens.Select((token, index) => change(token, index == 0, index == tokens.Count - 1))];
}
