using Pyvene.Typed.Models.Bert;
using Pyvene.Typed.Models.Gemma;
using Pyvene.Typed.Models.Gpt2;
using Pyvene.Typed.Models.GptNeoX;
using Pyvene.Typed.Models.Gru;
using Pyvene.Typed.Models.Llama;
using Pyvene.Typed.Models.Mistral;
using Pyvene.Typed.Models.Mlp;
using Pyvene.Typed.Models.Qwen;
using Pyvene.Typed.Models.ResNet;
using Pyvene.Typed.Models.SequentialLayers;

namespace Pyvene.Typed.Models;

/// <summary>Lists the architectures that this library has; a new one is one line here.</summary>
internal static class ModelRegistry
{
    private static readonly Dictionary<string, ModelClass> Known = new IEnumerable<ModelClass>[]
    {
        GPT2Architecture.Instance.Classes(),
        LlamaArchitecture.Instance.Classes(),
        MistralArchitecture.Instance.Classes(),
        Qwen2Architecture.Instance.Classes(),
        Qwen3Architecture.Instance.Classes(),
        Gemma2Architecture.Instance.Classes(),
        GPTNeoXArchitecture.Instance.Classes(),
        GRUArchitecture.Classes(),
        MLPArchitecture.Classes(),
        ResNetArchitecture.Classes(),
        SequentialArchitecture.Classes(),
        BertArchitecture.Classes(),
    }.SelectMany(classes => classes).ToDictionary(model => model.Name, StringComparer.Ordinal);

    /// <summary>Gets the names of the classes.</summary>
    public static IReadOnlyCollection<string> Names => Known.Keys;

    /// <summary>Finds a class by its name in transformers.</summary>
    public static ModelClass? Find(string name) => Known.GetValueOrDefault(name);
}
