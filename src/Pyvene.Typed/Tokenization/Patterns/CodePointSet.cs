namespace Pyvene.Typed.Tokenization.Patterns;

/// <summary>
/// A set of Unicode code points, given by a predicate and remembered in pages of 256 that are filled on first use.
/// </summary>
/// <remarks>.NET's regular expressions look at UTF-16 units, so that <c>\p{L}</c> misses every letter outside the basic plane; this does not.</remarks>
internal sealed class CodePointSet
{
    private const int PageBits = 8;
    private readonly Func<int, bool> _contains;
    private readonly ulong[]?[] _pages = new ulong[0x10000 >> PageBits][];
    private ulong[]?[]? _astralPages;
    private readonly ulong _asciiLow;
    private readonly ulong _asciiHigh;

    public CodePointSet(Func<int, bool> contains)
    {
        _contains = contains;
        var first = Page(0);
        _asciiLow = first[0];
        _asciiHigh = first[1];
    }

    public bool Contains(int codePoint)
    {
        if (codePoint < 64)
        {
            return (_asciiLow >> codePoint & 1) != 0;
        }

        if (codePoint < 128)
        {
            return (_asciiHigh >> codePoint & 1) != 0;
        }

        var page = codePoint <= 0xFFFF ? _pages[codePoint >> PageBits] ?? Page(codePoint >> PageBits) : AstralPage(codePoint >> PageBits);
        return (page[codePoint >> 6 & 3] >> codePoint & 1) != 0;
    }

    public CodePointSet Union(CodePointSet other) => new(codePoint => Contains(codePoint) || other.Contains(codePoint));

    // Two threads may fill the same page; they write the same bits.
    private ulong[] Page(int index)
    {
        var page = new ulong[1 << PageBits - 6];
        var start = index << PageBits;
        for (var offset = 0; offset < 1 << PageBits; offset++)
        {
            if (_contains(start + offset))
            {
                page[offset >> 6] |= 1UL << offset;
            }
        }

        if (index < _pages.Length)
        {
            Volatile.Write(ref _pages[index], page);
        }

        return page;
    }

    private ulong[] AstralPage(int index)
    {
        var pages = _astralPages ?? Interlocked.CompareExchange(ref _astralPages, new ulong[0x110000 >> PageBits][], null) ?? _astralPages;
        ref var page = ref pages[index];
        if (page is null)
        {
            Volatile.Write(ref page, Page(index));
        }

        return page!;
    }
}
