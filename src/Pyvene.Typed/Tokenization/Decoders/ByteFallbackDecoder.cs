using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Pyvene.Typed.Tokenization.Decoders;

/// <summary>Reads runs of tokens such as <c>&lt;0xE2&gt;</c> as UTF-8; in a run that is none every byte becomes U+FFFD.</summary>
internal sealed class ByteFallbackDecoder : TokenDecoder
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public override IReadOnlyList<string> Decode(IReadOnlyList<string> tokens)
    {
        var decoded = new List<string>(tokens.Count);
        var bytes = new List<byte>();
        foreach (var token in tokens)
        {
            if (Byte(token) is { } value)
            {
                bytes.Add(value);
                continue;
            }

            Flush(bytes, decoded);
            decoded.Add(token);
        }

        Flush(bytes, decoded);
        return decoded;
    }

    // The reference reads a plus before one digit as part of the number.
    private static byte? Byte(string token)
    {
        if (token.Length != 6 || !token.StartsWith("<0x", StringComparison.Ordinal) || token[5] != '>')
        {
            return null;
        }

        var digits = token.AsSpan(token[3] == '+' ? 4 : 3, token[3] == '+' ? 1 : 2);
        return byte.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    private static void Flush(List<byte> bytes, List<string> decoded)
    {
        if (bytes.Count == 0)
        {
            return;
        }

        try
        {
            decoded.Add(Strict.GetString(CollectionsMarshal.AsSpan(bytes)));
        }
        catch (DecoderFallbackException)
        {
            decoded.AddRange(Enumerable.Repeat("\uFFFD", bytes.Count));
        }

        bytes.Clear();
    }
}
