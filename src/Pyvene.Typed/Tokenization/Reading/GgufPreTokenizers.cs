using Pyvene.Typed.Tokenization.Normalizers;
using Pyvene.Typed.Tokenization.Patterns;
using Pyvene.Typed.Tokenization.PreTokenizers;

namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>Says how texts are cut by each <c>tokenizer.ggml.pre</c>.</summary>
/// <remarks>Source: llama.cpp, llama-vocab.cpp, and the tokenizers that its names stand for.</remarks>
/// <param name="Patterns">The patterns that cut one after another; none = GPT-2's.</param>
internal sealed record GgufPreTokenizers(params string[] Patterns)
{
    private const string Llama3 =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string Qwen2 = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string Digit = @"\p{N}";

    private const string Upper = @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]";
    private const string Lower = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]";
    private const string Ending = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";
    private const string Rest = @" ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string Gpt4O = $@"[^\r\n\p{{L}}\p{{N}}]?{Upper}*{Lower}+{Ending}|[^\r\n\p{{L}}\p{{N}}]?{Upper}+{Lower}*{Ending}|\p{{N}}{{1,3}}|{Rest}";
    private const string Tekken = $@"[^\r\n\p{{L}}\p{{N}}]?{Upper}*{Lower}+|[^\r\n\p{{L}}\p{{N}}]?{Upper}+{Lower}*|\p{{N}}|{Rest}";

    private static readonly Dictionary<string, GgufPreTokenizers> Known = new(StringComparer.Ordinal)
    {
        ["gpt-2"] = new(),
        ["gpt2"] = new(),
        ["phi-2"] = new(),
        ["mpt"] = new(),
        ["olmo"] = new(),
        ["jina-es"] = new(),
        ["jina-de"] = new(),
        ["smollm"] = new(Digit) { CutsWords = true },
        ["starcoder"] = new(Digit) { CutsWords = true },
        ["refact"] = new(Digit) { CutsWords = true },
        ["command-r"] = new(Digit) { CutsWords = true },
        ["codeshell"] = new(Digit) { CutsWords = true },
        ["llama-bpe"] = new(Llama3) { IgnoresMerges = true, AddsBos = true },
        ["llama3"] = new(Llama3) { IgnoresMerges = true, AddsBos = true },
        ["llama-v3"] = new(Llama3) { IgnoresMerges = true, AddsBos = true },
        ["dbrx"] = new(Llama3),
        ["smaug-bpe"] = new(Llama3),
        ["qwen2"] = new(Qwen2) { Form = UnicodeForm.Nfc },
        ["deepseek-r1-qwen"] = new(Qwen2) { Form = UnicodeForm.Nfc },
        ["stablelm2"] = new(Qwen2) { Form = UnicodeForm.Nfc },
        ["gpt-4o"] = new(Gpt4O),
        ["tekken"] = new(Tekken) { IgnoresMerges = true, AddsBos = true },
    };

    /// <summary>Gets the names, for messages.</summary>
    public static string Names { get; } = string.Join(", ", Known.Keys);

    /// <summary>Gets whether the pieces of the patterns are cut into words as GPT-2's are.</summary>
    public bool CutsWords { get; init; }

    /// <summary>Gets whether a piece that is a token is taken whole before any merge.</summary>
    public bool IgnoresMerges { get; init; }

    /// <summary>Gets whether the token that begins a text is added where the file does not say.</summary>
    public bool AddsBos { get; init; }

    /// <summary>Gets the form of Unicode that texts are brought into; <see langword="null"/> = none.</summary>
    public UnicodeForm? Form { get; init; }

    /// <summary>Finds how a name cuts; <see langword="null"/> when it is not known.</summary>
    public static GgufPreTokenizers? Find(string name) => Known.GetValueOrDefault(name);

    /// <summary>Makes the steps.</summary>
    public PreTokenizer Create() => new PreTokenizerSequence(
    [
        .. Patterns.Select(pattern => new SplitPreTokenizer(TextPattern.Parse(pattern), SplitBehavior.Isolated, invert: false)),
        new ByteLevelPreTokenizer(addPrefixSpace: false, useRegex: CutsWords || Patterns.Length == 0),
    ]);
}
