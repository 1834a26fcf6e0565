// Reproduces transformers 4.57.6, models/bert/modeling_bert.py, with eager attention's numbers.
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static Pyvene.Typed.Models.Fields.CommonFields;
using static Pyvene.Typed.Models.Fields.FieldRule;
using static TorchSharp.torch;
using Linear = Pyvene.Typed.Models.Layers.Linear;
using Norm = Pyvene.Typed.Models.Layers.LayerNorm;

namespace Pyvene.Typed.Models;

/// <summary>Projects what attention or the MLP made, adds it to the residual stream, and norms the sum where it has a norm.</summary>
internal sealed class BertOutput : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Linear dense;
    private readonly Norm? LayerNorm;
    private readonly Dropout dropout;

    public BertOutput(long inputs, EncoderSettings settings, Weights weights, bool hasNorm = true)
        : base(nameof(BertOutput))
    {
        dense = new Linear(inputs, settings.Width, hasBias: true, weights);
        LayerNorm = hasNorm ? settings.CreateNorm(weights) : null;
        dropout = nn.Dropout(settings.HiddenDropout);
        RegisterComponents();
    }

    /// <summary>Maps [row, position, in] and the residual stream [row, position, dModel] to the new residual stream.</summary>
    public override Tensor forward(Tensor made, Tensor residual)
    {
        using var scope = NewDisposeScope();
        var sum = dropout.call(dense.call(made)).add(residual, Scalars.Of(1)); // [row, position, dModel]
        return scope.HandOut(LayerNorm is null ? sum : LayerNorm.call(sum));
    }
}

/// <summary>Is the first half of a BERT block: self-attention, its projection, the residual stream and a norm.</summary>
internal sealed class BertAttention : nn.Module<Tensor, AttentionContext, Tensor>
{
    /// <summary>Gets what the parts of self-attention are called.</summary>
    public static AttentionParts Parts { get; } = new() { Queries = "query", Keys = "key", Values = "value", Weights = "dropout" };

    private readonly EncoderAttention self;
    private readonly BertOutput output;

    public BertAttention(EncoderSettings settings, int layer, Weights weights)
        : base(nameof(BertAttention))
    {
        self = new EncoderAttention(settings, layer, weights, Parts, hasOutput: false);
        output = new BertOutput(settings.Width, settings, weights);
        RegisterComponents();
    }

    /// <summary>Moves the residual stream [row, position, dModel] behind attention.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var moved = scope.HandOut(output.call(self.call(hidden, hidden, hidden, context), hidden)); // [row, position, dModel]
        if (context.Weights is { Count: > 0 } weights)
        {
            scope.HandOut(weights[^1]);
        }

        return moved;
    }
}

/// <summary>Is one of BERT's blocks: attention and MLP, each added to the residual stream before a norm.</summary>
internal sealed class BertLayer : nn.Module<Tensor, AttentionContext, Tensor>
{
    private readonly BertAttention attention;
    private readonly Chain intermediate;
    private readonly BertOutput output;

    public BertLayer(EncoderSettings settings, int layer, Weights weights)
        : base(nameof(BertLayer))
    {
        attention = new BertAttention(settings, layer, weights);
        intermediate = Intermediate(settings, weights);
        output = new BertOutput(settings.InnerWidth, settings, weights);
        RegisterComponents();
    }

    /// <summary>Returns the wide half of the MLP: it maps [row, position, dModel] to [row, position, dMlp].</summary>
    public static Chain Intermediate(EncoderSettings settings, Weights weights) =>
        new(("dense", settings.CreateLinear(settings.InnerWidth, weights)), ("intermediate_act_fn", settings.CreateActivation()));

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
    /// <summary>Gets the architecture.</summary>
    public static EncoderArchitecture Instance { get; } = new()
    {
        ModelType = "bert",
        ClassPrefix = "Bert",
        Parts = new() { Body = "bert", HeadWeight = "cls.predictions.decoder.weight", HeadBias = "cls.predictions.bias" },
        CreateBlock = (settings, layer, weights) => new BertLayer(settings, layer, weights),
        CreateTokenHead = (body, weights) =>
        [
            ("cls", new Chain(("predictions", new Chain(
                weights.Unfilled(body.VocabSize),
                ("transform", new Chain(
                    ("dense", body.Settings.CreateLinear(body.Width, weights)),
                    ("transform_act_fn", body.Settings.CreateActivation()),
                    ("LayerNorm", body.Settings.CreateNorm(weights)))),
                ("decoder", EncoderHeads.Decoder(body, weights)))))),
        ],
        ClassifierPools = true,
        CreateClassifier = (body, weights) =>
        [
            (null, body.Pooler!),
            ("dropout", nn.Dropout(body.Settings.ClassifierDropout)),
            ("classifier", body.Settings.CreateLinear(body.Config.LabelCount, weights)),
        ],
        IgnoredEndings = ["cls.seq_relationship.weight", "cls.seq_relationship.bias"],
        Fields = EncoderFields.Create("bert", new()
        {
            ["type_vocab_size"] = Size(2, Widest),
            ["classifier_dropout"] = Probability(null).OrNull,
        }, "directionality", "pooler_fc_size", "pooler_num_attention_heads", "pooler_num_fc_layers", "pooler_size_per_head", "pooler_type"),
    };
}
