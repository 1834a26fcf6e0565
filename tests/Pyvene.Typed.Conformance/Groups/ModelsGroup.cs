using Pyvene.Typed.Conformance.Groups.Models;

namespace Pyvene.Typed.Conformance.Groups;

/// <summary>
/// Runs the cases of <c>models</c>: checkpoints with their forward passes, the values inside them, gradients, generated text, and logits processors alone.
/// </summary>
internal sealed class ModelsGroup : IGroup
{
    private const string ForwardFile = "forward.jsonl";
    private const string LoaderFile = "loader.json";

    /// <inheritdoc/>
    public string Name => "models";

    /// <inheritdoc/>
    public IEnumerable<CaseResult> Run(string folder, CaseFilter filter)
    {
        using var models = new LoadedModels(folder);
        foreach (var path in Directory.GetFiles(folder).Where(LeafFolders.HoldsCases).Order(StringComparer.Ordinal))
        foreach (var result in RunFile(path, models, filter))
            yield return result;
    }

    private static IEnumerable<CaseResult> RunFile(string path, LoadedModels models, CaseFilter filter) => Path.GetFileName(path) switch
    {
        ForwardFile => Forward(path, models, filter),
        "taps.jsonl" => Taps(path, models, filter),
        "grads.jsonl" => new GoldenFile(path).Run(filter, (golden, comparison) => GradientCase.Check(models, golden, comparison)),
        "generate.jsonl" => new GoldenFile(path).Run(filter, (golden, comparison) => GenerateCases.Check(models, golden, comparison)),
        "cross.jsonl" => new GoldenFile(path).Run(filter, (golden, comparison) => PiecesCase.Check(models, golden, comparison)),
        "processors.jsonl" => new GoldenFile(path).Run(filter, ProcessorCases.Check),
        LoaderFile => Loader(path, models, filter),
        var name => new GoldenFile(path).Run(filter, (_, _) => throw new UnsupportedCaseException($"cases of '{name}' are not supported yet")),
    };

    private static IEnumerable<CaseResult> Forward(string path, LoadedModels models, CaseFilter filter) =>
        new GoldenFile(path).Run(filter, (golden, comparison) => ForwardCase.Check(models, golden, comparison));

    private static IEnumerable<CaseResult> Taps(string path, LoadedModels models, CaseFilter filter)
    {
        var taps = new TapCases(path, models);
        return new GoldenFile(path).Run(filter, taps.Check);
    }

    /// <summary>Runs the forward cases of another folder on this folder's checkpoint; its own are run as any folder's.</summary>
    private static IEnumerable<CaseResult> Loader(string path, LoadedModels models, CaseFilter filter)
    {
        var cases = new GoldenFile(path).Cases().First().Required("cases").GetString()!;
        var file = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, cases));
        return Path.GetDirectoryName(file) == Path.GetDirectoryName(Path.GetFullPath(path)) ? [] : Forward(file, models, filter);
    }
}
