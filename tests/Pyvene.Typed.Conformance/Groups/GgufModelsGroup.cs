using Pyvene.Typed.Conformance.Groups.Gguf;
using Pyvene.Typed.Conformance.Groups.Models;
using Pyvene.Typed.Tokenization;

namespace Pyvene.Typed.Conformance.Groups;

/// <summary>Runs the cases of <c>gguf-models</c>: forward passes of models in GGUF files, and the tokenizers in their metadata.</summary>
internal sealed class GgufModelsGroup : IGroup
{
    /// <inheritdoc/>
    public string Name => "gguf-models";

    /// <inheritdoc/>
    public IEnumerable<CaseResult> Run(string folder, CaseFilter filter)
    {
        using var models = new LoadedModels(folder);
        var tokenizer = new Lazy<TextTokenizer>(() => TextTokenizer.Load(folder, TokenizerConvention.Transformers));
        foreach (var path in Directory.GetFiles(folder).Where(LeafFolders.HoldsCases).Order(StringComparer.Ordinal))
        foreach (var result in new GoldenFile(path).Run(filter, (golden, comparison) => Check(path, models, tokenizer, golden, comparison)))
            yield return result;
    }

    private static void Check(string path, LoadedModels models, Lazy<TextTokenizer> tokenizer, GoldenCase golden, Comparison comparison)
    {
        switch (Path.GetFileName(path))
        {
            case "forward.jsonl": ForwardCase.Check(models, golden, comparison); break;
            case "tokens.jsonl": GgufTokensCase.Check(tokenizer.Value, golden, comparison); break;
            case var name: throw new UnsupportedCaseException($"cases of '{name}' are not supported yet");
        }
    }
}
