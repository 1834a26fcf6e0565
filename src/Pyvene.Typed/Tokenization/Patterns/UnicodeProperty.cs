using System.Globalization;

namespace Pyvene.Typed.Tokenization.Patterns;

/// <summary>The sets behind <c>\p{…}</c> and the classes of one letter; each is built once and shared.</summary>
internal static class UnicodeProperty
{
    public static readonly CodePointSet WhiteSpace = new(CodePoints.IsWhiteSpace);

    // To Oniguruma the six numbers of Latin-1 that are no digits belong to words, and no others of their kind.
    public static readonly CodePointSet Word = new(codePoint => CodePoints.IsWord(codePoint) || codePoint is 0xB2 or 0xB3 or 0xB9 or >= 0xBC and <= 0xBE);

    public static readonly CodePointSet Digit = new(codePoint => CodePoints.Category(codePoint) == UnicodeCategory.DecimalDigitNumber);
    public static readonly CodePointSet HexDigit = new(codePoint => codePoint < 128 && char.IsAsciiHexDigit((char)codePoint));
    public static readonly CodePointSet HorizontalSpace =
        new(codePoint => codePoint == '\t' || CodePoints.Category(codePoint) == UnicodeCategory.SpaceSeparator);

    private static readonly string[] CategoryNames =
    [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co",
        "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Cn",
    ];

    private static readonly Dictionary<string, CodePointSet> Known = Build();

    /// <summary>Finds a property by its name in any spelling: <c>Lu</c>, <c>uppercase_letter</c>, <c>White Space</c>.</summary>
    public static CodePointSet? Find(string name) => Known.GetValueOrDefault(Key(name));

    private static Dictionary<string, CodePointSet> Build()
    {
        var known = new Dictionary<string, CodePointSet>
        {
            ["any"] = new(_ => true),
            ["ascii"] = new(codePoint => codePoint < 128),
            ["whitespace"] = WhiteSpace,
            ["space"] = WhiteSpace,
            ["word"] = Word,
            ["digit"] = Digit,
            ["alpha"] = new(codePoint => CodePoints.IsWord(codePoint) && CodePoints.Category(codePoint)
                is not (UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation)),
            ["alnum"] = new(codePoint => CodePoints.IsWord(codePoint) && CodePoints.Category(codePoint) != UnicodeCategory.ConnectorPunctuation),
            ["han"] = new(IsHan),
        };
        for (var index = 0; index < CategoryNames.Length; index++)
        {
            var category = (UnicodeCategory)index;
            known[Key(CategoryNames[index])] = new CodePointSet(codePoint => CodePoints.Category(codePoint) == category);
            known[Key(category.ToString())] = known[Key(CategoryNames[index])];
        }

        foreach (var (letter, names) in new[]
        {
            ("L", "letter"), ("M", "mark"), ("N", "number"), ("P", "punctuation"), ("S", "symbol"), ("Z", "separator"), ("C", "other"),
        })
        {
            var categories = CategoryNames.Index().Where(entry => entry.Item.StartsWith(letter, StringComparison.Ordinal))
                .Aggregate(0u, (mask, entry) => mask | 1u << entry.Index);
            known[Key(letter)] = new CodePointSet(codePoint => (categories >> (int)CodePoints.Category(codePoint) & 1) != 0);
            known[Key(names)] = known[Key(letter)];
        }

        known["punct"] = known["p"];
        known["upper"] = known["lu"];
        known["lower"] = known["ll"];
        return known;
    }

    // Scripts.txt of Unicode 16: the ranges of Han, without unassigned gaps at their ends.
    private static bool IsHan(int codePoint) => codePoint is >= 0x2E80 and <= 0x2E99 or >= 0x2E9B and <= 0x2EF3 or >= 0x2F00 and <= 0x2FD5
        or 0x3005 or 0x3007 or >= 0x3021 and <= 0x3029 or >= 0x3038 and <= 0x303B or >= 0x3400 and <= 0x4DBF or >= 0x4E00 and <= 0x9FFF
        or >= 0xF900 and <= 0xFA6D or >= 0xFA70 and <= 0xFAD9 or >= 0x16FE2 and <= 0x16FE3 or >= 0x16FF0 and <= 0x16FF1
        or >= 0x20000 and <= 0x2A6DF or >= 0x2A700 and <= 0x2B739 or >= 0x2B740 and <= 0x2B81D or >= 0x2B820 and <= 0x2CEA1
        or >= 0x2CEB0 and <= 0x2EBE0 or >= 0x2EBF0 and <= 0x2EE5D or >= 0x2F800 and <= 0x2FA1D or >= 0x30000 and <= 0x3134A
        or >= 0x31350 and <= 0x323AF;

    private static string Key(string name) =>
        string.Concat(name.Where(character => character is not ('_' or ' ' or '-'))).ToLowerInvariant();
}
