using Pyvene.Typed.Conformance.Groups.Real;
using Pyvene.Typed.Models;

namespace Pyvene.Typed.Conformance.Groups;

/// <summary>Runs the cases of <c>real</c> on a model that people use, where its file lies beside the golden data.</summary>
internal sealed class RealGroup : IGroup
{
    /// <inheritdoc/>
    public string Name => "real";

    /// <inheritdoc/>
    public IEnumerable<CaseResult> Run(string folder, CaseFilter filter)
    {
        var models = Path.GetFullPath(Path.Combine(GoldenFolder.Of(folder)!.Root, "..", "models"));
        var file = Directory.Exists(models) ? Directory.GetFiles(models, "*.gguf").FirstOrDefault() : null;
        var model = new Lazy<PretrainedModel>(() => ModelLoader.Load(file ?? throw new UnsupportedCaseException($"skipped: no model in '{models}'")));
        try
        {
            foreach (var path in Directory.GetFiles(folder).Where(LeafFolders.HoldsCases).Order(StringComparer.Ordinal))
            foreach (var result in new GoldenFile(path).Run(filter, (golden, comparison) => Check(path, model, golden, comparison)))
                yield return model.IsValueCreated ? result with { Class = model.Value.GetName() } : result;
        }
        finally
        {
            if (model.IsValueCreated) model.Value.Dispose();
        }
    }

    private static void Check(string path, Lazy<PretrainedModel> model, GoldenCase golden, Comparison comparison)
    {
        switch (Path.GetFileName(path))
        {
            case "forward.jsonl": RealForwardCase.Check(model.Value, golden, comparison); break;
            case "sweeps.jsonl": RealSweepCase.Check(model.Value, golden, comparison); break;
            case "generate.jsonl": RealGenerationCase.Check(model.Value, golden, comparison); break;
            case "cases.jsonl": RealInterventionCase.Check(model.Value, golden, comparison); break;
            case var name: throw new UnsupportedCaseException($"such cases of '{name}' are not supported yet");
        }
    }
}
