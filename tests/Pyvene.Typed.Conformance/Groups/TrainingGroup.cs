using Pyvene.Typed.Conformance.Groups.Training;

namespace Pyvene.Typed.Conformance.Groups;

/// <summary>Runs the cases of <c>training</c>: what the interventions that learn compute, their gradients, their orthogonal matrices and their state.</summary>
internal sealed class TrainingGroup : IGroup
{
    /// <inheritdoc/>
    public string Name => "training";

    /// <inheritdoc/>
    public IEnumerable<CaseResult> Run(string folder, CaseFilter filter) => Directory.GetFiles(folder)
        .Where(LeafFolders.HoldsCases).Order(StringComparer.Ordinal)
        .SelectMany(file => new GoldenFile(file).Run(filter, Check));

    private static void Check(GoldenCase golden, Comparison comparison)
    {
        if (golden.Field("grad_out") is not null) ModuleCase.Check(golden, comparison);
        else if (golden.Field("map") is not null || golden.Field("assigned") is not null) OrthogonalCase.Check(golden, comparison);
        else if (golden.Field("entries") is not null) StateCase.Check(golden, comparison);
        else throw new UnsupportedCaseException("training is not supported yet");
    }
}
