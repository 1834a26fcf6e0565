using Pyvene.Typed.Conformance.Groups.Causal;

namespace Pyvene.Typed.Conformance.Groups;

/// <summary>Runs the cases of <c>causal</c>: causal models, their data sets, and functions beside them.</summary>
internal sealed class CausalGroup : IGroup
{
    /// <inheritdoc/>
    public string Name => "causal";

    /// <inheritdoc/>
    public IEnumerable<CaseResult> Run(string folder, CaseFilter filter) => Directory.GetFiles(folder)
        .Where(LeafFolders.HoldsCases).Order(StringComparer.Ordinal)
        .SelectMany(file => new GoldenFile(file).Run(filter, Check));

    private static void Check(GoldenCase golden, Comparison comparison)
    {
        if (golden.Field("function") is not null) FunctionCase.Check(golden, comparison);
        else CausalModelCase.Check(golden, comparison);
    }
}
