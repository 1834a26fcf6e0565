using Pyvene.Typed.Json;
using Pyvene.Typed.Tokenization.Normalizers;
using Pyvene.Typed.Tokenization.Patterns;
using Pyvene.Typed.Tokenization.PreTokenizers;

namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>Reads a <c>pre_tokenizer</c>.</summary>
internal static class PreTokenizerReader
{
    // The one pattern of the reference that goes to Rust's own engine, in which the two joiners belong to words, and fractions do not.
    private static readonly Lazy<SplitPreTokenizer> Whitespace = new(() => new SplitPreTokenizer(
        TextPattern.Parse(@"[\w\u200C\u200D&&[^\u00B2\u00B3\u00B9\u00BC-\u00BE]]+|(?:[^\w\u200C\u200D\s]|[\u00B2\u00B3\u00B9\u00BC-\u00BE])+"),
        SplitBehavior.Removed,
        invert: true));

    /// <summary>Gets BERT's: words, and each punctuation mark by itself.</summary>
    public static PreTokenizerSequence Bert { get; } = new(
    [
        new CodePointPreTokenizer(CodePoints.IsWhiteSpace, SplitBehavior.Removed),
        new CodePointPreTokenizer(IsPunctuation, SplitBehavior.Isolated),
    ]);

    /// <param name="place">The pre-tokenizer; one that does not exist is none.</param>
    /// <param name="addPrefixSpace">What the tokenizer's configuration says about a byte-level pre-tokenizer's prefix space, if anything.</param>
    public static PreTokenizer? Read(JsonPlace place, bool? addPrefixSpace = null)
    {
        if (!place.Exists)
        {
            return null;
        }

        var type = place["type"];
        return type.String() switch
        {
            "Sequence" => new PreTokenizerSequence([.. place["pretokenizers"].Items().Select(step => Read(step) ?? throw step.Error("a step is null"))]),
            "ByteLevel" => new ByteLevelPreTokenizer(addPrefixSpace ?? place["add_prefix_space"].Boolean(true), place["use_regex"].Boolean(true)),
            "Split" => new SplitPreTokenizer(PatternReader.Read(place["pattern"]), ReadBehavior(place["behavior"]), place["invert"].Boolean(false)),
            "Digits" => new CodePointPreTokenizer(
                UnicodeRanges.Numbers.Contains,
                place["individual_digits"].Boolean(false) ? SplitBehavior.Isolated : SplitBehavior.Contiguous),
            "Punctuation" => new CodePointPreTokenizer(
                IsPunctuation,
                place["behavior"] is { Exists: true } behavior ? ReadBehavior(behavior) : SplitBehavior.Isolated),
            "Whitespace" => Whitespace.Value,
            "WhitespaceSplit" => new CodePointPreTokenizer(CodePoints.IsWhiteSpace, SplitBehavior.Removed),
            "BertPreTokenizer" => Bert,
            "Metaspace" => ReadMetaspace(place),
            "UnicodeScripts" => new ScriptPreTokenizer(),
            "FixedLength" => new FixedLengthPreTokenizer(
                place["length"].Integer(5) is > 0 and var length ? length : throw place["length"].Wrong("a length of at least 1")),
            "CharDelimiterSplit" => ReadDelimiter(place["delimiter"]),
            var other => throw type.Unsupported($"the pre-tokenizer '{other}' is not supported"),
        };
    }

    /// <summary>Reads which pieces get a space before them, in the spelling of today and the one before it.</summary>
    public static PrefixScheme ReadPrefix(JsonPlace place)
    {
        var scheme = place["prepend_scheme"];
        var prefix = scheme.OptionalString() switch
        {
            null or "always" => PrefixScheme.Always,
            "first" => PrefixScheme.First,
            "never" => PrefixScheme.Never,
            var other => throw scheme.Error($"the scheme '{other}' is unknown; 'always', 'first' and 'never' are"),
        };
        return place["add_prefix_space"].Boolean(true) ? prefix
            : scheme.Exists && prefix != PrefixScheme.Never ? throw scheme.Error($"the scheme '{scheme.String()}' does not go with add_prefix_space = false")
            : PrefixScheme.Never;
    }

    private static bool IsPunctuation(int codePoint) => codePoint < 128
        ? char.IsAscii((char)codePoint) && (char.IsPunctuation((char)codePoint) || char.IsSymbol((char)codePoint))
        : UnicodeRanges.Punctuation.Contains(codePoint);

    /// <summary>Reads a text that is one character.</summary>
    public static string ReadCharacter(JsonPlace place)
    {
        var text = place.String();
        return CodePoints.Count(text) == 1 ? text : throw place.Wrong("one character");
    }

    private static MetaspacePreTokenizer ReadMetaspace(JsonPlace place) =>
        new(ReadCharacter(place["replacement"]), ReadPrefix(place), place["split"].Boolean(true));

    private static CodePointPreTokenizer ReadDelimiter(JsonPlace place)
    {
        var text = place.String();
        var delimiter = text.Length > 0 ? CodePoints.Read(text, 0, out var width) : throw place.Error("the delimiter is empty");
        return width == text.Length
            ? new CodePointPreTokenizer(codePoint => codePoint == delimiter, SplitBehavior.Removed)
            : throw place.Error($"the delimiter '{text}' is more than one character");
    }

    private static SplitBehavior ReadBehavior(JsonPlace place)
    {
        var name = place.String();
        return Enum.GetNames<SplitBehavior>().Contains(name) ? Enum.Parse<SplitBehavior>(name) : throw place.Error($"the behaviour '{name}' is unknown");
    }
}
