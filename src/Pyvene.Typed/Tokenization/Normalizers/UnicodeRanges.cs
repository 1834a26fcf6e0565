namespace Pyvene.Typed.Tokenization.Normalizers;

/// <summary>Code points in ranges, each with a name, read from a table of the assembly.</summary>
/// <remarks>.NET's own categories are those of a newer Unicode than the reference's, which knows fewer marks and fewer numbers.</remarks>
internal sealed class UnicodeRanges
{
    private readonly List<int> starts = [];
    private readonly List<(int End, string Name)> ranges = [];

    /// <param name="table">The table.</param>
    /// <param name="only">The one name that is read; null for all.</param>
    public UnicodeRanges(string table, string? only = null)
    {
        foreach (var line in UnicodeTables.Lines(table))
        {
            var (dash, space) = (line.IndexOf('-'), line.IndexOf(' '));
            if (only is null || line.AsSpan(space + 1).SequenceEqual(only))
            {
                starts.Add(UnicodeTables.Hex(line.AsSpan(0, dash)));
                ranges.Add((UnicodeTables.Hex(line.AsSpan(dash + 1, space - dash - 1)), line[(space + 1)..]));
            }
        }
    }

    public static UnicodeRanges Scripts { get; } = new("scripts.txt");

    public static UnicodeRanges Marks { get; } = new("properties.txt", "mark");

    public static UnicodeRanges NonSpacingMarks { get; } = new("properties.txt", "nonspacing");

    /// <summary>Gets control and format characters and those of private use, but for the tabulator and the ends of lines.</summary>
    public static UnicodeRanges Others { get; } = new("properties.txt", "other");

    /// <summary>Gets punctuation beyond ASCII.</summary>
    public static UnicodeRanges Punctuation { get; } = new("properties.txt", "punctuation");

    public static UnicodeRanges Numbers { get; } = new("properties.txt", "numeric");

    public bool Contains(int codePoint) => Find(codePoint) is not null;

    /// <summary>Gives the name of the range that a code point lies in; null where it lies in none.</summary>
    public string? Find(int codePoint)
    {
        var place = starts.BinarySearch(codePoint);
        place = place < 0 ? ~place - 1 : place;
        return place >= 0 && codePoint <= ranges[place].End ? ranges[place].Name : null;
    }
}
