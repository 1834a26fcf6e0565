namespace Pyvene.Typed.Tokenization.Patterns;

/// <summary>
/// A set of Unicode code points, given by a predicate and remembered in pages of 256 that are filled on first use.
/// </summary>
/// <remarks>.NET's regular expressions look at UTF-16 units, so that <c>\p{L}</c> misses every letter outside the basic plane; this does not.</remarks>
internal sealed class CodePointSet
{
    private const int PageBits = 8;
    private readonly Func<int, bool> contains;
    private readonly ulong[]?[] pages = new ulong[0x10000 >> PageBits][];
    private ulong[]?[]? astralPages;
    private readonly ulong asciiLow;
    private readonly ulong asciiHigh;

    public CodePointSet(Func<int, bool> contains)
    {
        this.contains = contains;
        var first = Page(0);
        asciiLow = first[0];
        asciiHigh = first[1];
    }

    public bool Contains(int codePoint)
    {
        if (codePoint < 64)
        {
            return (asciiLow >> codePoint & 1) != 0;
        }

        if (codePoint < 128)
        {
            return (asciiHigh >> codePoint & 1) != 0;
        }

        var page = codePoint <= 0xFFFF ? pages[codePoint >> PageBits] ?? Page(codePoint >> PageBits) : AstralPage(codePoint >> PageBits);
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
            if (contains(start + offset))
            {
                page[offset >> 6] |= 1UL << offset;
            }
        }

        if (index < pages.Length)
        {
            Volatile.Write(ref pages[index], page);
        }

        return page;
    }

    private ulong[] AstralPage(int index)
    {
        var pages = astralPages ?? Interlocked.CompareExchange(ref astralPages, new ulong[0x110000 >> PageBits][], null) ?? astralPages;
        ref var page = ref pages[index];
        if (page is null)
        {
            Volatile.Write(ref page, Page(index));
        }

        return page!;
    }
}
