using Pyvene.Typed.Conformance.Groups.Interventions;
using Pyvene.Typed.Conformance.Groups.Saved;

namespace Pyvene.Typed.Conformance.Groups;

/// <summary>Runs the cases of <c>saved</c>: pickles, safe and unsafe, and folders that pyvene saved.</summary>
internal sealed class SavedGroup : IGroup
{
    /// <inheritdoc/>
    public string Name => "saved";

    /// <inheritdoc/>
    public IEnumerable<CaseResult> Run(string folder, CaseFilter filter)
    {
        var pickles = Path.Combine(folder, "expect.json");
        if (File.Exists(pickles))
            foreach (var result in PickleCases.Run(pickles, filter))
                yield return result;

        var saved = Path.Combine(folder, "case.json");
        if (!File.Exists(saved)) yield break;
        using var models = new NamedModels(GoldenFolder.Of(folder)!.Models);
        var file = new GoldenFile(saved, Path.Combine(folder, "expect.safetensors"));
        foreach (var result in file.Run(filter, (golden, comparison) => SavedCase.Check(golden, comparison, folder, models)))
            yield return result;
    }
}
