namespace Pyvene.Typed.Engine;

/// <summary>Is what is known of the tokens of a batch beside their numbers: what they say, and which of them are marked.</summary>
/// <param name="Texts">The text of every example with the span of every real token in it; <see langword="null"/> when only numbers are known.</param>
/// <param name="Marks">What the examples mark: a name, and one entry for all of them or one an example.</param>
internal sealed record TokenNotes(IReadOnlyList<TokenizedText>? Texts, IReadOnlyDictionary<string, IReadOnlyList<Positions>> Marks)
{
    /// <summary>What is marked where nothing is.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<Positions>> NoMarks = new Dictionary<string, IReadOnlyList<Positions>>();

    /// <summary>Gets the notes of tokens that nothing is known of.</summary>
    public static TokenNotes None { get; } = new(null, NoMarks);

    /// <summary>Gets the notes of the tokens that a decoder begins with; <see langword="null"/> = nothing is known of them.</summary>
    public TokenNotes? Decoder { get; init; }

    /// <summary>Returns the notes of some examples, in an order of their own.</summary>
    /// <param name="examples">The examples.</param>
    public TokenNotes Examples(IReadOnlyList<int> examples) => new(
        Texts is null ? null : [.. examples.Select(example => Texts[example])],
        Marks.ToDictionary(
            mark => mark.Key,
            mark => mark.Value.Count == 1 ? mark.Value : (IReadOnlyList<Positions>)[.. examples.Select(example => mark.Value[example])]))
    {
        Decoder = Decoder?.Examples(examples),
    };
}
