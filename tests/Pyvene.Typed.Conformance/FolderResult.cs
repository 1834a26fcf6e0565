namespace Pyvene.Typed.Conformance;

/// <summary>What came of the cases of one leaf folder.</summary>
/// <param name="Folder">The folder's path below its root of golden data, such as <c>interventions/components</c>, or as given where it has no group.</param>
/// <param name="Cases">The results, in order.</param>
internal sealed record FolderResult(string Folder, IReadOnlyList<CaseResult> Cases)
{
    /// <summary>The folder itself, or null where it could not be read.</summary>
    public GoldenFolder? Golden { get; init; }

    /// <summary>How many cases passed.</summary>
    public int Passed => Cases.Count(result => result.Passed);
}
