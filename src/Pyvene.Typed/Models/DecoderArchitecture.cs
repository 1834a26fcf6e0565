using Pyvene.Typed.Models.Fields;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Describes how the classes of a decoder are put together: a bare model, and the same model under a head for text or for labels.</summary>
internal sealed record DecoderArchitecture
{
    /// <summary>Gets the <c>model_type</c> of its configurations.</summary>
    public required string ModelType { get; init; }

    /// <summary>Gets how the names of its classes begin in transformers, such as <c>Llama</c>.</summary>
    public required string ClassPrefix { get; init; }

    /// <summary>Gets the name of the language model's class; by default the prefix and <c>ForCausalLM</c>.</summary>
    public string? LanguageModelClass { get; init; }

    /// <summary>Gets the module name of the bare model inside a model with a head.</summary>
    public string BodyName { get; init; } = "model";

    /// <summary>Gets the module name of the language model's head.</summary>
    public string HeadName { get; init; } = "lm_head";

    /// <summary>Gets what it makes of the fields of a configuration.</summary>
    public required ConfigTable Fields { get; init; }

    /// <summary>Gets the endings of stored names that are not weights.</summary>
    public IReadOnlyList<string> IgnoredEndings { get; init; } = [];

    /// <summary>Gets what builds the bare model with unwritten parameters on a device.</summary>
    public required Func<DecoderArchitecture, ModelConfig, Device, DecoderModel> CreateBody { get; init; }

    /// <summary>Gets the bare model's class name.</summary>
    public string BodyClass => ClassPrefix + "Model";

    /// <summary>Returns the classes that can be loaded.</summary>
    public IEnumerable<ModelClass> Classes()
    {
        var (language, classifier) = (LanguageModelClass ?? ClassPrefix + "ForCausalLM", ClassPrefix + "ForSequenceClassification");
        return
        [
            new ModelClass(language, ModelType, Fields, (config, device) => new CausalLanguageModel(language, config, this, device)),
            new ModelClass(BodyClass, ModelType, Fields, (config, device) => CreateBody(this, config, device)),
            new ModelClass(classifier, ModelType, Fields, (config, device) => new SequenceClassifier(classifier, config, this, device)),
        ];
    }
}
