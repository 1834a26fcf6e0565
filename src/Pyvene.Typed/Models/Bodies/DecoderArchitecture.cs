using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Describes an architecture of decoders: a bare model, and the same model under a head for text or for labels.</summary>
internal sealed record DecoderArchitecture
{
    /// <summary>Gets the <c>model_type</c> of its configurations.</summary>
    public required string ModelType { get; init; }

    /// <summary>Gets how the names of its classes begin in transformers, such as <c>Llama</c>.</summary>
    public required string ClassPrefix { get; init; }

    /// <summary>Gets the name of the language model's class; by default the prefix and <c>ForCausalLM</c>.</summary>
    public string? LanguageModelClass { get; init; }

    /// <summary>Gets what its parts are called, and which of them it has.</summary>
    public DecoderParts Parts { get; init; } = new();

    /// <summary>Gets what it makes of the fields of a configuration.</summary>
    public required ConfigTable Fields { get; init; }

    /// <summary>Gets what reads the sizes and choices from a configuration that <see cref="Fields"/> has checked and completed.</summary>
    public required Func<ModelConfig, DecoderSettings> Read { get; init; }

    /// <summary>Gets what builds the attention of a layer: of the normed residual stream, [row, position, dModel], it makes what it adds to it.</summary>
    public Func<DecoderSettings, int, Weights, nn.Module<Tensor, AttentionContext, Tensor>> CreateAttention { get; init; } = (settings, layer, weights) =>
        new DecoderAttention(settings, layer, weights);

    /// <summary>Gets what builds a block's MLP, which does the same position by position.</summary>
    public Func<DecoderSettings, Weights, nn.Module<Tensor, Tensor>> CreateMlp { get; init; } = (settings, weights) => new DecoderMlp(settings, weights);

    /// <summary>
    /// Gets what builds what stands in the MLP's place where the settings have experts: it sends the tokens of [row, position, dModel] to them.
    /// </summary>
    public Func<DecoderSettings, Weights, nn.Module<Tensor, AttentionContext, Tensor>>? CreateExperts { get; init; }

    /// <summary>Gets how the names of vectors end that start from random numbers, as matrices do.</summary>
    public IReadOnlyList<string> DrawnEndings { get; init; } = [];

    /// <summary>Gets what builds the bare model.</summary>
    public Func<DecoderArchitecture, ModelConfig, Weights, TextBody> CreateBody { get; init; } = (architecture, config, weights) =>
        new Decoder(architecture, config, weights);

    /// <summary>Gets whether transformers has its classifier of sequences.</summary>
    public bool HasClassifier { get; init; } = true;

    /// <summary>Gets the endings of stored names that are not weights.</summary>
    public IReadOnlyList<string> IgnoredEndings { get; init; } = [];

    /// <summary>Gets the bare model's class name; by default the prefix and <c>Model</c>.</summary>
    public string BodyClass
    {
        get => field ?? ClassPrefix + "Model";
        init;
    }

    /// <summary>Returns the classes that can be loaded.</summary>
    public IEnumerable<ModelClass> Classes()
    {
        var (language, classifier) = (LanguageModelClass ?? ClassPrefix + "ForCausalLM", ClassPrefix + "ForSequenceClassification");
        yield return new ModelClass(language, ModelType, Fields, (config, weights) => new CausalLanguageModel(language, config, this, weights));
        yield return new ModelClass(BodyClass, ModelType, Fields, (config, weights) => CreateBody(this, config, weights));
        if (HasClassifier)
        {
            yield return new ModelClass(classifier, ModelType, Fields, (config, weights) => new SequenceClassifier(classifier, config, this, weights));
        }
    }
}
