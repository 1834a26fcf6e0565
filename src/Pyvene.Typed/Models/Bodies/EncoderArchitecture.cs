using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;
using Embedding = Pyvene.Typed.Models.Layers.Embedding;

namespace Pyvene.Typed.Models;

/// <summary>Describes an architecture of encoders: a bare model, and the same model under heads for masked tokens, for texts and for tokens.</summary>
internal sealed record EncoderArchitecture
{
    /// <summary>Gets the <c>model_type</c> of its configurations.</summary>
    public required string ModelType { get; init; }

    /// <summary>Gets how the names of its classes begin in transformers, such as <c>Bert</c>.</summary>
    public required string ClassPrefix { get; init; }

    /// <summary>Gets what its parts are called, and which of them it has.</summary>
    public required EncoderParts Parts { get; init; }

    /// <summary>Gets what it makes of the fields of a configuration.</summary>
    public required ConfigTable Fields { get; init; }

    /// <summary>Gets what reads the sizes and choices from a configuration that <see cref="Fields"/> has checked and completed.</summary>
    public Func<ModelConfig, EncoderSettings> Read { get; init; } = EncoderSettings.Read;

    /// <summary>Gets what builds the embeddings around that of the tokens: they make the residual stream before the first block.</summary>
    public Func<EncoderSettings, EncoderParts, Embedding, Weights, nn.Module<ModelInputs, Tensor>> CreateEmbeddings { get; init; } =
        (settings, parts, tokens, weights) => new EncoderEmbeddings(settings, parts, tokens, weights);

    /// <summary>Gets what builds a block, which moves the residual stream, [row, position, dModel].</summary>
    public required Func<EncoderSettings, int, Weights, nn.Module<Tensor, AttentionContext, Tensor>> CreateBlock { get; init; }

    /// <summary>Gets what builds the parts of the masked-token head: they map the last residual stream to logits, [row, position, vocab].</summary>
    public required Func<Encoder, Weights, IReadOnlyList<(string? Name, nn.Module<Tensor, Tensor> Part)>> CreateTokenHead { get; init; }

    /// <summary>Gets what builds the parts of the classifier of texts: they map the last residual stream to logits, [row, label].</summary>
    public required Func<Encoder, Weights, IReadOnlyList<(string? Name, nn.Module<Tensor, Tensor> Part)>> CreateClassifier { get; init; }

    /// <summary>Gets what builds the parts of the bare model that no forward pass calls, under their names: they read what one has made.</summary>
    public Func<EncoderSettings, Weights, IReadOnlyList<(string Name, nn.Module Part)>> CreateReaders { get; init; } = (_, _) => [];

    /// <summary>Gets whether the classifier of texts reads what the bare model's pooler makes.</summary>
    public bool ClassifierPools { get; init; }

    /// <summary>Gets the endings of stored names that are not weights.</summary>
    public IReadOnlyList<string> IgnoredEndings { get; init; } = [];

    /// <summary>Gets the bare model's class name.</summary>
    public string BodyClass => ClassPrefix + "Model";

    /// <summary>Returns the classes that can be loaded.</summary>
    public IEnumerable<ModelClass> Classes()
    {
        var (masked, texts, tokens) = (ClassPrefix + "ForMaskedLM", ClassPrefix + "ForSequenceClassification", ClassPrefix + "ForTokenClassification");
        yield return new(BodyClass, ModelType, Fields, (config, weights) =>
            new Encoder(this, config, weights, hasPooler: Parts.Pooler is { } pooler && weights.Have(pooler)));
        yield return new(masked, ModelType, Fields, (config, weights) => new MaskedTokenModel(masked, config, this, weights));
        yield return new(texts, ModelType, Fields, (config, weights) => new EncoderClassifier(texts, config, this, weights, isOfTokens: false));
        yield return new(tokens, ModelType, Fields, (config, weights) => new EncoderClassifier(tokens, config, this, weights, isOfTokens: true));
    }
}
