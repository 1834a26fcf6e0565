using Pyvene.Typed.Conformance.Groups.Tokenizers;

namespace Pyvene.Typed.Conformance.Groups;

/// <summary>Runs tokenizers: whole ones, each with its own files, and their parts one by one.</summary>
internal sealed class TokenizerGroup : IGroup
{
    private const string WholeTokenizer = "cases.jsonl";

    /// <inheritdoc/>
    public string Name => "tokenizers";

    /// <inheritdoc/>
    public IEnumerable<CaseResult> Run(string folder, CaseFilter filter) => Directory.GetFiles(folder)
        .Where(LeafFolders.HoldsCases).Order(StringComparer.Ordinal)
        .SelectMany(file => new GoldenFile(file).Run(filter, Check(file, folder)));

    private static Action<GoldenCase, Comparison> Check(string file, string folder)
    {
        if (Path.GetFileName(file) != WholeTokenizer) return PartCases.Check;
        var holdsTokenizer = File.Exists(Path.Combine(folder, "tokenizer.json")) || File.Exists(Path.Combine(folder, "vocab.json"));
        return holdsTokenizer ? new TokenizerCases(folder).Check : ChatTemplateCases.Check;
    }
}
