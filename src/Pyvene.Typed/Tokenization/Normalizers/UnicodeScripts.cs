using System.Globalization;

namespace Pyvene.Typed.Tokenization.Normalizers;

/// <summary>The scripts that the reference tells apart, by numbers, read once from the assembly.</summary>
internal sealed class UnicodeScripts
{
    private static readonly Lazy<UnicodeScripts> Loaded = new(() => new UnicodeScripts());
    private readonly List<int> starts = [];
    private readonly List<(int End, int Script)> ranges = [];

    private UnicodeScripts()
    {
        foreach (var line in UnicodeTables.Lines("scripts.txt"))
        {
            var (dash, space) = (line.IndexOf('-'), line.IndexOf(' '));
            starts.Add(UnicodeTables.Hex(line.AsSpan(0, dash)));
            ranges.Add((UnicodeTables.Hex(line.AsSpan(dash + 1, space - dash - 1)), int.Parse(line.AsSpan(space + 1), CultureInfo.InvariantCulture)));
        }
    }

    public static UnicodeScripts Instance => Loaded.Value;

    /// <summary>Gives the number of the script of a code point; 0 where it has none.</summary>
    public int Find(int codePoint)
    {
        var place = starts.BinarySearch(codePoint);
        place = place < 0 ? ~place - 1 : place;
        return place >= 0 && codePoint <= ranges[place].End ? ranges[place].Script : 0;
    }
}
