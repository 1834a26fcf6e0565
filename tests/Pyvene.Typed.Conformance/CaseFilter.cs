namespace Pyvene.Typed.Conformance;

/// <summary>Which cases run: those whose id contains a text.</summary>
/// <param name="Text">The text, compared without regard to case; null lets every case run.</param>
internal sealed record CaseFilter(string? Text)
{
    /// <summary>Lets every case run.</summary>
    public static CaseFilter Everything { get; } = new((string?)null);

    /// <summary>Whether the case of this id runs.</summary>
    public bool Matches(string id) => Text is null || id.Contains(Text, StringComparison.OrdinalIgnoreCase);
}
