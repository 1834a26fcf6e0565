namespace Pyvene.Typed;

/// <summary>Is where a head may look, as a pattern that its attention weights are compared with.</summary>
public enum HeadPattern
{
    /// <summary>Every token looks at the one before it.</summary>
    PreviousToken,

    /// <summary>A token that has occurred before looks at its earlier occurrences.</summary>
    DuplicateToken,

    /// <summary>A token that has occurred before looks at what followed its earlier occurrences (Olsson et al., 2022).</summary>
    Induction,

    /// <summary>Every token behind the first looks at the first, where weight goes that is not needed elsewhere.</summary>
    AttentionToFirst,
}
