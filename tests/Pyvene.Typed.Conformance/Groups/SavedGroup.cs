using Pyvene.Typed.Conformance.Groups.Saved;

namespace Pyvene.Typed.Conformance.Groups;

/// <summary>Runs the cases of <c>saved</c>: pickles, safe and unsafe.</summary>
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
    }
}
