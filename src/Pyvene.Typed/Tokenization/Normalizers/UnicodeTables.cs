using System.Globalization;

namespace Pyvene.Typed.Tokenization.Normalizers;

/// <summary>Decompositions, compositions and combining classes, read once from the assembly.</summary>
/// <remarks>
/// .NET's own <c>string.Normalize</c> does nothing in a program with invariant globalisation, and a tokenizer must not depend on a setting of
/// the program it runs in. The tables are those of the reference, which has Unicode 9's.
/// </remarks>
internal sealed class UnicodeTables
{
    private const int HangulBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TailBase = 0x11A7;
    private const int LeadCount = 19, VowelCount = 21, TailCount = 28;
    private static readonly Lazy<UnicodeTables> Loaded = new(() => new UnicodeTables());

    private readonly Dictionary<int, (bool IsCompatibility, int[] Parts)> decompositions = [];
    private readonly Dictionary<(int, int), int> compositions = [];
    private readonly Dictionary<int, byte> classes = [];

    private UnicodeTables()
    {
        foreach (var line in Lines("decompositions.txt"))
        {
            var kind = line.AsSpan().IndexOfAny("=!~");
            var codePoint = Hex(line.AsSpan(0, kind));
            int[] parts = [.. line[(kind + 1)..].Split(' ').Select(part => Hex(part))];
            decompositions.Add(codePoint, (line[kind] == '~', parts));
            if (line[kind] == '=')
            {
                compositions.Add((parts[0], parts[1]), codePoint);
            }
        }

        foreach (var line in Lines("combining-classes.txt"))
        {
            var (dash, space) = (line.IndexOf('-'), line.IndexOf(' '));
            var value = byte.Parse(line.AsSpan(space), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
            for (var codePoint = Hex(line.AsSpan(0, dash)); codePoint <= Hex(line.AsSpan(dash + 1, space - dash - 1)); codePoint++)
            {
                classes.Add(codePoint, value);
            }
        }
    }

    public static UnicodeTables Instance => Loaded.Value;

    /// <summary>Gives the canonical combining class.</summary>
    public int CombiningClass(int codePoint) => classes.GetValueOrDefault(codePoint);

    /// <summary>Adds what a code point is made of, all the way down.</summary>
    public void Decompose(int codePoint, bool withCompatibility, List<int> parts)
    {
        var syllable = codePoint - HangulBase;
        if ((uint)syllable < LeadCount * VowelCount * TailCount)
        {
            parts.Add(LeadBase + syllable / (VowelCount * TailCount));
            parts.Add(VowelBase + syllable % (VowelCount * TailCount) / TailCount);
            if (syllable % TailCount != 0)
            {
                parts.Add(TailBase + syllable % TailCount);
            }
        }
        else if (decompositions.TryGetValue(codePoint, out var entry) && (withCompatibility || !entry.IsCompatibility))
        {
            foreach (var part in entry.Parts)
            {
                Decompose(part, withCompatibility, parts);
            }
        }
        else
        {
            parts.Add(codePoint);
        }
    }

    /// <summary>Gives what two code points compose to; -1 where they do not.</summary>
    public int Compose(int first, int second)
    {
        if (first is >= LeadBase and < LeadBase + LeadCount && second is >= VowelBase and < VowelBase + VowelCount)
        {
            return HangulBase + ((first - LeadBase) * VowelCount + (second - VowelBase)) * TailCount;
        }

        var isOpenSyllable = (uint)(first - HangulBase) < LeadCount * VowelCount * TailCount && (first - HangulBase) % TailCount == 0;
        return isOpenSyllable && second is > TailBase and < TailBase + TailCount
            ? first + second - TailBase
            : compositions.GetValueOrDefault((first, second), -1);
    }

    /// <summary>Reads a hexadecimal number.</summary>
    public static int Hex(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <summary>Reads the lines of a table of the assembly, without comments.</summary>
    public static IEnumerable<string> Lines(string name)
    {
        using var stream = typeof(UnicodeTables).Assembly.GetManifestResourceStream("Unicode." + name)
            ?? throw new InvalidOperationException($"The assembly lacks its resource 'Unicode.{name}'.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                yield return line;
            }
        }
    }
}
