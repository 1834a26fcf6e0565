using Pyvene.Typed.Conformance.Groups.Interventions;

namespace Pyvene.Typed.Conformance.Groups;

/// <summary>Runs the cases of <c>interventions</c>: intervened runs with their outputs and effects, and configurations that must be refused.</summary>
internal sealed class InterventionsGroup : IGroup
{
    /// <inheritdoc/>
    public string Name => "interventions";

    /// <inheritdoc/>
    public IEnumerable<CaseResult> Run(string folder, CaseFilter filter)
    {
        using var models = new NamedModels(GoldenFolder.Of(folder)!.Models);
        foreach (var path in Directory.GetFiles(folder).Where(LeafFolders.HoldsCases).Order(StringComparer.Ordinal))
        foreach (var result in new GoldenFile(path, TensorsBeside(path)).Run(filter, (golden, comparison) => Check(golden, comparison, models)))
            yield return result;
    }

    private static void Check(GoldenCase golden, Comparison comparison, NamedModels models)
    {
        switch (golden.Text("kind"))
        {
            case "gather": PlaceCase.Gather(golden, comparison); break;
            case "scatter": PlaceCase.Scatter(golden, comparison); break;
            case "apply": ApplyCase.Check(golden, comparison); break;
            case "config": PyveneCallCase.CheckKeys(golden, comparison); break;
            case { } kind: throw new UnsupportedCaseException($"cases of the kind '{kind}' are not supported yet");
            case null when golden.Field("error_field") is not null: ErrorCase.Check(golden, comparison, models); break;
            case null: InterventionCase.Check(golden, comparison, models); break;
        }
    }

    /// <summary>The cases of this group share one file of tensors, whatever the name of theirs.</summary>
    private static string? TensorsBeside(string path)
    {
        var shared = Path.Combine(Path.GetDirectoryName(path)!, "tensors.safetensors");
        return File.Exists(shared) ? shared : null;
    }
}
