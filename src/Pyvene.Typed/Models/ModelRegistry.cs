namespace Pyvene.Typed.Models;

/// <summary>Lists the architectures that this library has; a new one is one line here.</summary>
internal static class ModelRegistry
{
    private static readonly Dictionary<string, ModelClass> Known = new IEnumerable<ModelClass>[]
    {
        GPT2Architecture.Instance.Classes(),
        BackpackArchitecture.Instance.Classes(),
        LlamaArchitecture.Instance.Classes(),
        MistralArchitecture.Instance.Classes(),
        MixtralArchitecture.Instance.Classes(),
        GptOssArchitecture.Instance.Classes(),
        QwenArchitecture.Qwen2.Classes(),
        QwenArchitecture.Qwen3.Classes(),
        GemmaArchitecture.Instance.Classes(),
        Gemma2Architecture.Instance.Classes(),
        Gemma3Architecture.Instance.Classes(),
        Phi3Architecture.Instance.Classes(),
        GPTNeoArchitecture.Instance.Classes(),
        OlmoArchitecture.Instance.Classes(),
        Olmo2Architecture.Instance.Classes(),
        GPTNeoXArchitecture.Instance.Classes(),
        BloomArchitecture.Instance.Classes(),
        FalconArchitecture.Instance.Classes(),
        MptArchitecture.Instance.Classes(),
        OPTArchitecture.Instance.Classes(),
        MambaArchitecture.Instance.Classes(),
        Mamba2Architecture.Instance.Classes(),
        GRUArchitecture.Classes(),
        MLPArchitecture.Classes(),
        ResNetArchitecture.Classes(),
        ViTArchitecture.Classes(),
        CLIPArchitecture.Classes(),
        SequentialArchitecture.Classes(),
        BertArchitecture.Instance.Classes(),
        RobertaArchitecture.Instance.Classes(),
        DistilBertArchitecture.Instance.Classes(),
        EsmArchitecture.Instance.Classes(),
        T5Architecture.Classes(),
        WhisperArchitecture.Classes(),
    }.SelectMany(classes => classes).ToDictionary(model => model.Name, StringComparer.Ordinal);

    /// <summary>Gets the names of the classes.</summary>
    public static IReadOnlyCollection<string> Names => Known.Keys;

    /// <summary>Finds a class by its name in transformers.</summary>
    public static ModelClass? Find(string name) => Known.GetValueOrDefault(name);
}
