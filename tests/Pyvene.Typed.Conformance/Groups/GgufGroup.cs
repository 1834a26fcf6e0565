using Pyvene.Typed.Conformance.Groups.Gguf;

namespace Pyvene.Typed.Conformance.Groups;

/// <summary>Runs the cases of <c>gguf</c>: files with their metadata and their tensors, and files that must be refused.</summary>
internal sealed class GgufGroup : IGroup
{
    /// <inheritdoc/>
    public string Name => "gguf";

    /// <inheritdoc/>
    public IEnumerable<CaseResult> Run(string folder, CaseFilter filter) => Directory.GetFiles(folder)
        .Where(LeafFolders.HoldsCases).Order(StringComparer.Ordinal)
        .SelectMany(file => new GoldenFile(file).Run(filter, (golden, comparison) => GgufFileCase.Check(folder, golden, comparison)));
}
