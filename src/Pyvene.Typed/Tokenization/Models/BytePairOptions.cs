namespace Pyvene.Typed.Tokenization.Models;

/// <summary>The settings of byte-pair encoding, named as in a <c>tokenizer.json</c>.</summary>
internal sealed record BytePairOptions
{
    /// <summary>Gets the token for characters without an entry; null lets them vanish.</summary>
    public string? UnknownToken { get; init; }

    /// <summary>Gets what is put before every character but the first of a piece.</summary>
    public string ContinuingSubwordPrefix { get; init; } = "";

    /// <summary>Gets what is put behind the last character of a piece.</summary>
    public string EndOfWordSuffix { get; init; } = "";

    /// <summary>Gets whether neighbouring unknown characters become one unknown token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>Gets whether a character without an entry becomes its UTF-8 bytes, <c>&lt;0x0A&gt;</c>, where all of them have entries.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>Gets whether a whole piece that is in the vocabulary is that token, whatever the merges say.</summary>
    public bool IgnoreMerges { get; init; }
}
