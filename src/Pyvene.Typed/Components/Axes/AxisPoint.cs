namespace Pyvene.Typed;

/// <summary>Is one value of an axis as tables know it.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Number">The number that the value is known by, such as a layer's index, which need not be its place in the axis; <see langword="null"/> where
/// it has none.</param>
internal abstract record AxisPoint(string Name, int? Number)
{
    /// <summary>Gets the token that stands at a position, with its spaces; <see langword="null"/> = it has none.</summary>
    public string? Token { get; init; }
}

/// <summary>Is one value of an axis.</summary>
/// <param name="Value">The value.</param>
/// <param name="Name">What tables call it.</param>
/// <param name="Number">The number that the value is known by.</param>
internal sealed record AxisPoint<T>(T Value, string Name, int? Number = null) : AxisPoint(Name, Number)
{
    /// <summary>Gets other ways to say the value, such as a position from the end.</summary>
    public IReadOnlyList<T> Synonyms { get; init; } = [];
}
