namespace Pyvene.Typed.Tokenization.Patterns;

/// <summary>How a repetition chooses its length.</summary>
internal enum RepeatKind
{
    /// <summary>As long as possible, giving back where the rest does not match.</summary>
    Greedy,

    /// <summary>As short as possible.</summary>
    Lazy,

    /// <summary>As long as possible, giving nothing back.</summary>
    Possessive,
}
