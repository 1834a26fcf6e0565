// Reproduces transformers 4.57.6, models/bert/modeling_bert.py, with eager attention's numbers.
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static Pyvene.Typed.Models.Fields.CommonFields;
using static Pyvene.Typed.Models.Fields.FieldRule;
using static TorchSharp.torch;
using Embedding = Pyvene.Typed.Models.Layers.Embedding;
using Linear = Pyvene.Typed.Models.Layers.Linear;
using Norm = Pyvene.Typed.Models.Layers.LayerNorm;

namespace Pyvene.Typed.Models;

/// <summary>Adds up the embeddings of tokens, segments and positions, and norms them.</summary>
internal sealed class BertEmbeddings : nn.Module<ModelInputs, Tensor>
{
    private readonly Embedding position_embeddings;
    private readonly Embedding token_type_embeddings;
    private readonly Norm LayerNorm;
    private readonly Dropout dropout;

    internal readonly Embedding word_embeddings; // behind the others: random weights are drawn in this order

    public BertEmbeddings(EncoderSettings settings, Weights weights)
        : base(nameof(BertEmbeddings))
    {
        word_embeddings = new Embedding(settings.VocabSize, settings.Width, weights);
        position_embeddings = new Embedding(settings.PositionCount, settings.Width, weights);
        token_type_embeddings = new Embedding(settings.SegmentCount, settings.Width, weights);
        LayerNorm = settings.CreateNorm(weights);
        dropout = nn.Dropout(settings.HiddenDropout);
        RegisterComponents();
    }

    /// <summary>Returns the residual stream before the first block: [batch, position, dModel].</summary>
    public override Tensor forward(ModelInputs inputs)
    {
        using var scope = NewDisposeScope();
        var tokens = inputs.InputsEmbeds ?? word_embeddings.call(inputs.InputIds!); // [batch, position, dModel]
        var positions = inputs.PositionIds
            ?? arange(Scalars.Of(0), Scalars.Of(tokens.shape[1]), Scalars.Of(1), ScalarType.Int64, tokens.device).unsqueeze(0); // [batch or 1, position]
        var segments = inputs.TokenTypeIds ?? zeros([1, tokens.shape[1]], ScalarType.Int64, tokens.device); // [batch or 1, position]
        // [batch, position, dModel]
        var sum = tokens.add(token_type_embeddings.call(segments), Scalars.Of(1)).add(position_embeddings.call(positions), Scalars.Of(1));
        return scope.HandOut(dropout.call(LayerNorm.call(sum)));
    }
}

/// <summary>Is BERT's self-attention, up to the mixed values of all heads.</summary>
internal sealed class BertSelfAttention : nn.Module<Tensor, AttentionContext, Tensor>
{
    private readonly Linear query;
    private readonly Linear key;
    private readonly Linear value;
    private readonly Tap dropout;
    private readonly AttentionRule rule;
    private readonly long heads;
    private readonly int layer;

    public BertSelfAttention(EncoderSettings settings, int layer, Weights weights)
        : base(nameof(BertSelfAttention))
    {
        (heads, this.layer, rule) = (settings.HeadCount, layer, new AttentionRule(1 / Math.Sqrt(settings.Width / settings.HeadCount)));
        query = new Linear(settings.Width, settings.Width, hasBias: true, weights);
        key = new Linear(settings.Width, settings.Width, hasBias: true, weights);
        value = new Linear(settings.Width, settings.Width, hasBias: true, weights);
        dropout = new Tap(settings.AttentionDropout);
        RegisterComponents();
    }

    /// <summary>Maps the residual stream [row, position, dModel] to the values that each position takes from all.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var (queries, keys, values) = (Heads(query.call(hidden)), Heads(key.call(hidden)), Heads(value.call(hidden))); // [row, head, position, dHead]
        // [row, head, position, dHead]
        var mixed = Attention.Attend(queries, keys, values, rule, context.MaskOf(), context, dropout, context.HeadMaskOf(layer));
        return scope.HandOut(mixed.transpose(1, 2).reshape(hidden.shape)); // [row, position, dModel]
    }

    private Tensor Heads(Tensor projected) =>
        projected.view(projected.shape[0], projected.shape[1], heads, projected.shape[2] / heads).transpose(1, 2); // [row, head, position, dHead]
}

/// <summary>Projects what attention or the MLP made, adds it to the residual stream, and norms the sum.</summary>
internal sealed class BertOutput : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Linear dense;
    private readonly Norm LayerNorm;
    private readonly Dropout dropout;

    public BertOutput(long inputs, EncoderSettings settings, Weights weights)
        : base(nameof(BertOutput))
    {
        dense = new Linear(inputs, settings.Width, hasBias: true, weights);
        LayerNorm = settings.CreateNorm(weights);
        dropout = nn.Dropout(settings.HiddenDropout);
        RegisterComponents();
    }

    /// <summary>Maps [row, position, in] and the residual stream [row, position, dModel] to the new residual stream.</summary>
    public override Tensor forward(Tensor made, Tensor residual)
    {
        using var scope = NewDisposeScope();
        return scope.HandOut(LayerNorm.call(dropout.call(dense.call(made)).add(residual, Scalars.Of(1)))); // [row, position, dModel]
    }
}

/// <summary>Is the first half of a BERT block: self-attention, its projection, the residual stream and a norm.</summary>
internal sealed class BertAttention : nn.Module<Tensor, AttentionContext, Tensor>
{
    private readonly BertSelfAttention self;
    private readonly BertOutput output;

    public BertAttention(EncoderSettings settings, int layer, Weights weights)
        : base(nameof(BertAttention))
    {
        self = new BertSelfAttention(settings, layer, weights);
        output = new BertOutput(settings.Width, settings, weights);
        RegisterComponents();
    }

    /// <summary>Moves the residual stream [row, position, dModel] behind attention.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var moved = scope.HandOut(output.call(self.call(hidden, context), hidden)); // [row, position, dModel]
        if (context.Weights is { Count: > 0 } weights)
        {
            scope.HandOut(weights[^1]);
        }

        return moved;
    }
}

/// <summary>Is the wide half of BERT's MLP.</summary>
internal sealed class BertIntermediate : nn.Module<Tensor, Tensor>
{
    private readonly Linear dense;
    private readonly nn.Module<Tensor, Tensor> intermediate_act_fn;

    public BertIntermediate(EncoderSettings settings, Weights weights)
        : base(nameof(BertIntermediate))
    {
        dense = new Linear(settings.Width, settings.InnerWidth, hasBias: true, weights);
        intermediate_act_fn = Activations.Create(settings.Activation, settings.Source);
        RegisterComponents();
    }

    /// <summary>Maps the residual stream [row, position, dModel] to the MLP's hidden values [row, position, dMlp].</summary>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return scope.HandOut(intermediate_act_fn.call(dense.call(hidden))); // [row, position, dMlp]
    }
}

/// <summary>Is one of BERT's blocks: attention and MLP, each added to the residual stream before a norm.</summary>
internal sealed class BertLayer : nn.Module<Tensor, AttentionContext, Tensor>
{
    private readonly BertAttention attention;
    private readonly BertIntermediate intermediate;
    private readonly BertOutput output;

    public BertLayer(EncoderSettings settings, int layer, Weights weights)
        : base(nameof(BertLayer))
    {
        attention = new BertAttention(settings, layer, weights);
        intermediate = new BertIntermediate(settings, weights);
        output = new BertOutput(settings.InnerWidth, settings, weights);
        RegisterComponents();
    }

    /// <summary>Moves the residual stream [row, position, dModel] behind this block.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context)
    {
        var middle = attention.call(hidden, context); // [row, position, dModel]
        return output.call(intermediate.call(middle), middle); // [row, position, dModel]
    }
}

/// <summary>Describes BERT. Source: Devlin et al., BERT, 2018.</summary>
internal static class BertArchitecture
{
    private const string ModelType = "bert";
    private const string BodyClass = "BertModel";

    private static readonly ConfigTable Fields = new(
        [
            .. OfClassifiers,
            new("vocab_size", Size(ArchitectureDescriptor.DefaultOf(ModelType, "vocab_size"))),
            new("hidden_size", Size(ArchitectureDescriptor.DefaultOf(ModelType, "hidden_size"), Widest)),
            new("num_hidden_layers", Size(ArchitectureDescriptor.DefaultOf(ModelType, "num_hidden_layers"), MostLayers)),
            new("num_attention_heads", Size(ArchitectureDescriptor.DefaultOf(ModelType, "num_attention_heads"), Widest)),
            new("intermediate_size", Size(ArchitectureDescriptor.DefaultOf(ModelType, "intermediate_size"), Widest)),
            new("max_position_embeddings", Size(ArchitectureDescriptor.DefaultOf(ModelType, "max_position_embeddings"), Widest)),
            new("type_vocab_size", Size(2, Widest)),
            new("hidden_act", Activation("gelu")),
            new("layer_norm_eps", Epsilon(1e-12)),
            new("hidden_dropout_prob", Probability(0.1)),
            new("attention_probs_dropout_prob", Probability(0.1)),
            new("classifier_dropout", Probability(null).OrNull),
            new("is_decoder", Only("false")),
            new("position_embedding_type", Only("\"absolute\"")),
            new("tie_word_embeddings", Flag(true)),
        ],
        "directionality", "pooler_fc_size", "pooler_num_attention_heads", "pooler_num_fc_layers", "pooler_size_per_head", "pooler_type")
    { LayerField = "num_hidden_layers" };

    /// <summary>Returns the classes that can be loaded.</summary>
    public static IEnumerable<ModelClass> Classes() =>
    [
        new ModelClass(BodyClass, ModelType, Fields, (config, weights) => CreateBody(config, weights, hasPooler: true)),
        new ModelClass(nameof(BertForMaskedLM), ModelType, Fields, (config, weights) => new BertForMaskedLM(config, weights)),
        new ModelClass(nameof(BertForSequenceClassification), ModelType, Fields, (config, weights) => new BertForSequenceClassification(config, weights)),
    ];

    /// <summary>Builds the bare model.</summary>
    /// <param name="config">The checked configuration.</param>
    /// <param name="weights">Where and in which dtype the parameters are made.</param>
    /// <param name="hasPooler">Whether it summarises texts by their first position, as all but the model under the masked-token head do.</param>
    public static Encoder CreateBody(ModelConfig config, Weights weights, bool hasPooler)
    {
        var settings = new EncoderSettings(config);
        var embeddings = new BertEmbeddings(settings, weights);
        return new Encoder(
            BodyClass, settings, embeddings, embeddings.word_embeddings, layer => new BertLayer(settings, layer, weights), hasPooler
                ? new BertPooler(settings, weights)
                : null);
    }
}
