namespace Pyvene.Typed.Conformance.Groups;

/// <summary>Lists the cases of a group that the library cannot run yet.</summary>
internal sealed class UnsupportedGroup(string name) : IGroup
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IEnumerable<CaseResult> Run(string folder, CaseFilter filter) => Directory.GetFiles(folder)
        .Where(LeafFolders.HoldsCases).Order(StringComparer.Ordinal)
        .SelectMany(file => new GoldenFile(file).Run(filter, (_, _) => throw new UnsupportedCaseException($"group '{name}' is not supported yet")));
}
