using Pyvene.Typed.Tokenization.Patterns;

namespace Pyvene.Typed.Tokenization.Models;

/// <summary>Byte-pair encoding: a piece starts as its characters, and neighbours merge by rank.</summary>
internal sealed class BytePairModel : CachedModel
{
    // Characters below are looked up in an array; the whole alphabet of byte-level tokenizers lies there.
    private const int DirectSize = 0x180;

    [ThreadStatic]
    private static SymbolList? t_symbols;

    private readonly MergeTable merges;
    private readonly BytePairOptions options;
    private readonly int[] direct = new int[DirectSize];
    private readonly ByteTokens? bytes;
    private readonly int unknownId;
    private readonly bool hasAffixes;

    /// <exception cref="FormatException">The unknown token is not in the vocabulary.</exception>
    public BytePairModel(Vocabulary vocabulary, MergeTable merges, BytePairOptions options)
        : base(vocabulary)
    {
        this.merges = merges;
        this.options = options;
        hasAffixes = options.ContinuingSubwordPrefix.Length + options.EndOfWordSuffix.Length > 0;
        for (var character = 0; character < DirectSize; character++)
        {
            direct[character] = vocabulary.TryGetId([(char)character], out var id) ? id : -1;
        }

        unknownId = options.UnknownToken is not { } unknown ? -1
            : vocabulary.TryGetId(unknown, out var found) ? found
            : throw new FormatException($"the unknown token '{unknown}' is not in the vocabulary");
        bytes = options.ByteFallback ? new ByteTokens(vocabulary) : null;
    }

    protected override void TokenizeNew(ReadOnlySpan<char> piece, List<ModelToken> tokens)
    {
        if (options.IgnoreMerges && Vocabulary.TryGetId(piece, out var whole))
        {
            tokens.Add(new ModelToken(whole, 0, piece.Length));
            return;
        }

        var symbols = t_symbols ??= new SymbolList();
        symbols.Clear();
        Spell(piece, symbols);
        symbols.Merge(merges);
        AddTokens(piece, symbols, tokens);
    }

    /// <summary>Adds one symbol a character; one without an entry is unknown, or vanishes where there is no unknown token.</summary>
    private void Spell(ReadOnlySpan<char> piece, SymbolList symbols)
    {
        var unknownWidth = 0;
        for (var index = 0; index < piece.Length;)
        {
            var codePoint = CodePoints.Read(piece, index, out var length);
            var width = Utf8Width(codePoint);
            var id = Find(piece, index, length, codePoint);
            if (id >= 0)
            {
                AddUnknown(symbols, ref unknownWidth);
                symbols.Add(id, width);
            }
            else if (!AddBytes(hasAffixes ? WithAffixes(piece, index, length) : piece.Slice(index, length), symbols))
            {
                if (!options.FuseUnknown)
                {
                    AddUnknown(symbols, ref unknownWidth);
                }

                unknownWidth += unknownId >= 0 ? width : 0;
            }

            index += length;
        }

        AddUnknown(symbols, ref unknownWidth);
    }

    private int Find(ReadOnlySpan<char> piece, int index, int length, int codePoint)
    {
        if (!hasAffixes)
        {
            return codePoint < DirectSize ? direct[codePoint] : Vocabulary.TryGetId(piece.Slice(index, length), out var plain) ? plain : -1;
        }

        return Vocabulary.TryGetId(WithAffixes(piece, index, length), out var id) ? id : -1;
    }

    private string WithAffixes(ReadOnlySpan<char> piece, int index, int length)
    {
        var prefix = index == 0 ? "" : options.ContinuingSubwordPrefix;
        var suffix = index + length == piece.Length ? options.EndOfWordSuffix : "";
        return string.Concat(prefix, piece.Slice(index, length), suffix);
    }

    private void AddUnknown(SymbolList symbols, ref int width)
    {
        if (width > 0)
        {
            symbols.Add(unknownId, width);
            width = 0;
        }
    }

    private bool AddBytes(ReadOnlySpan<char> character, SymbolList symbols)
    {
        var spelt = bytes?.Spell(character);
        foreach (var id in spelt ?? [])
        {
            symbols.Add(id, 1);
        }

        return spelt is not null;
    }

    // Symbols know their width in bytes, since one character may have become several byte tokens. The reference lays widths end to end, so that
    // behind a character that vanished all offsets are too small by its width; to give the same offsets, so does this.
    private static void AddTokens(ReadOnlySpan<char> piece, SymbolList symbols, List<ModelToken> tokens)
    {
        var index = 0;
        var reached = 0; // the bytes of piece[..index]
        var position = 0;
        for (var symbol = 0; symbol < symbols.Count; symbol++)
        {
            var start = reached > position ? index - CodePoints.WidthBefore(piece, index) : index;
            position += symbols.Width(symbol);
            while (reached < position && index < piece.Length)
            {
                reached += Utf8Width(CodePoints.Read(piece, index, out var length));
                index += length;
            }

            // Bytes of a prefix or suffix have no place of their own: beyond the end they stand for the last character.
            start = Math.Min(start, piece.Length - CodePoints.WidthBefore(piece, piece.Length));
            tokens.Add(new ModelToken(symbols.Id(symbol), start, index));
        }
    }

    private static int Utf8Width(int codePoint) => codePoint switch
    {
        < 0x80 => 1,
        < 0x800 => 2,
        < 0x10000 => 3,
        _ => 4,
    };
}
