using Pyvene.Typed.Models.Gpt2;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Lists the model classes that this library has; a new one is one line here.</summary>
internal static class ModelRegistry
{
    private static readonly Dictionary<string, ModelClass> Known = new[]
    {
        new ModelClass(nameof(GPT2LMHeadModel), "gpt2", (config, device) => new GPT2LMHeadModel(config, device)),
        new ModelClass(nameof(GPT2Model), "gpt2", (config, device) => new GPT2Model(config, device)),
        new ModelClass(nameof(GPT2ForSequenceClassification), "gpt2", (config, device) => new GPT2ForSequenceClassification(config, device)),
    }.ToDictionary(model => model.Name, StringComparer.Ordinal);

    /// <summary>Gets the names of the classes.</summary>
    public static IReadOnlyCollection<string> Names => Known.Keys;

    /// <summary>Finds a class by its name in transformers.</summary>
    public static ModelClass? Find(string name) => Known.GetValueOrDefault(name);
}
