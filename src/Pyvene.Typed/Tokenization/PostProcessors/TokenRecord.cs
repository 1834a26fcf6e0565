namespace Pyvene.Typed.Tokenization.PostProcessors;

/// <summary>A token of a text, as it goes from the model through the post-processor.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Span">The code points of its text that it stands for.</param>
internal readonly record struct TokenRecord(int Id, TextSpan Span)
{
    /// <summary>Gets the text of an added token as it was found, with the white space that it took; null for all others.</summary>
    public string? Found { get; init; }

    /// <summary>Gets the type, which tells a pair's texts apart.</summary>
    public int TypeId { get; init; }

    /// <summary>Gets which text it comes from; -1 for one that the post-processor added.</summary>
    public int Sequence { get; init; }

    /// <summary>Gets whether the post-processor added it.</summary>
    public bool IsAdded => Sequence < 0;
}
