using System.Text;

namespace Pyvene.Typed.Tokenization.Models;

/// <summary>The tokens of single bytes, <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>, that spell what has no token.</summary>
internal sealed class ByteTokens
{
    private readonly int[] ids = new int[256];

    public ByteTokens(Vocabulary vocabulary)
    {
        for (var value = 0; value < ids.Length; value++)
        {
            ids[value] = vocabulary.TryGetId($"<0x{value:X2}>", out var id) ? id : -1;
        }
    }

    /// <summary>Gives the tokens of the bytes of a text in UTF-8; null where one of them has none.</summary>
    public int[]? Spell(ReadOnlySpan<char> text)
    {
        var spelt = new int[Encoding.UTF8.GetByteCount(text)];
        var bytes = spelt.Length <= 256 ? stackalloc byte[spelt.Length] : new byte[spelt.Length];
        Encoding.UTF8.GetBytes(text, bytes);
        for (var index = 0; index < spelt.Length; index++)
        {
            spelt[index] = ids[bytes[index]];
            if (spelt[index] < 0)
            {
                return null;
            }
        }

        return spelt;
    }

    /// <summary>Adds the tokens of a text, each of which stands for the whole of it; adds none where one is missing.</summary>
    public bool TryAdd(ReadOnlySpan<char> text, int start, int end, List<ModelToken> tokens)
    {
        var spelt = Spell(text);
        foreach (var id in spelt ?? [])
        {
            tokens.Add(new ModelToken(id, start, end));
        }

        return spelt is not null;
    }
}
