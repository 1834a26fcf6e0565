using System.Runtime.InteropServices;
using System.Text;
using Pyvene.Typed.Tokenization.Text;

namespace Pyvene.Typed.Tokenization.Decoders;

/// <summary>Reads tokens in <see cref="ByteAlphabet"/> as bytes, and those as UTF-8; what is no UTF-8 becomes U+FFFD.</summary>
internal sealed class ByteLevelDecoder : TokenDecoder
{
    /// <inheritdoc/>
    public override bool ReadsByteLetters => true;

    public override IReadOnlyList<string> Decode(IReadOnlyList<string> tokens)
    {
        var bytes = new List<byte>(tokens.Count * 4);
        foreach (var token in tokens)
        {
            // A token with a character of no byte, such as an added one, stands for itself.
            if (token.All(character => ByteAlphabet.Byte(character) >= 0))
            {
                bytes.AddRange(token.Select(character => (byte)ByteAlphabet.Byte(character)));
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(token));
            }
        }

        return [Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(bytes))];
    }
}
