namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>Finds the Python class of a tokenizer whose own files do not name it.</summary>
internal static class TokenizerClasses
{
    // As AutoTokenizer of transformers 4.57.6 has it.
    private static readonly Dictionary<string, string> OfModels = new(StringComparer.Ordinal)
    {
        ["bert"] = "BertTokenizer",
        ["distilbert"] = "DistilBertTokenizer",
        ["electra"] = "ElectraTokenizer",
        ["esm"] = "EsmTokenizer",
        ["roberta"] = "RobertaTokenizer",
        ["gpt2"] = "GPT2Tokenizer",
        ["qwen2"] = "Qwen2Tokenizer",
        ["qwen3"] = "Qwen2Tokenizer",
        ["llama"] = "LlamaTokenizer",
        ["mistral"] = "LlamaTokenizer",
        ["mixtral"] = "LlamaTokenizer",
        ["phi3"] = "LlamaTokenizer",
        ["gemma"] = "GemmaTokenizer",
        ["gemma2"] = "GemmaTokenizer",
        ["gemma3"] = "GemmaTokenizer",
        ["gemma3_text"] = "GemmaTokenizer",
    };

    /// <summary>Returns the class that a model's <c>config.json</c> names or stands for; <see langword="null"/> = it does not say, or is not there.</summary>
    /// <param name="folder">The folder of the model.</param>
    public static string? Of(string folder)
    {
        var file = Path.Combine(folder, "config.json");
        if (!File.Exists(file))
        {
            return null;
        }

        var config = TokenizerFile.Read(file);
        return config["tokenizer_class"].OptionalString() ?? OfModel(config["model_type"].OptionalString() ?? "");
    }

    /// <summary>Returns the class that models of a kind have; <see langword="null"/> = it is not known.</summary>
    /// <param name="modelType">Their <c>model_type</c>.</param>
    public static string? OfModel(string modelType) => OfModels.GetValueOrDefault(modelType);
}
