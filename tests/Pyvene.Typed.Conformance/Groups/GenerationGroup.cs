using Pyvene.Typed.Conformance.Groups.Generation;
using Pyvene.Typed.Conformance.Groups.Interventions;

namespace Pyvene.Typed.Conformance.Groups;

/// <summary>Runs the cases of <c>generation</c>: text generated under intervention, with and without a key/value cache.</summary>
internal sealed class GenerationGroup : IGroup
{
    /// <inheritdoc/>
    public string Name => "generation";

    /// <inheritdoc/>
    public IEnumerable<CaseResult> Run(string folder, CaseFilter filter)
    {
        using var models = new NamedModels(GoldenFolder.Of(folder)!.Models);
        foreach (var path in Directory.GetFiles(folder).Where(LeafFolders.HoldsCases).Order(StringComparer.Ordinal))
        foreach (var result in new GoldenFile(path).Run(filter, (golden, comparison) => GenerationCase.Check(golden, comparison, models)))
            yield return result;
    }
}
