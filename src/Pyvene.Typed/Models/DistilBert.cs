// Reproduces transformers 4.57.6, models/distilbert/modeling_distilbert.py, with eager attention's numbers.
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using static Pyvene.Typed.Models.Fields.CommonFields;
using static Pyvene.Typed.Models.Fields.FieldRule;
using static TorchSharp.torch;
using Linear = Pyvene.Typed.Models.Layers.Linear;
using Norm = Pyvene.Typed.Models.Layers.LayerNorm;

namespace Pyvene.Typed.Models;

/// <summary>Is one of DistilBERT's blocks: attention and MLP, each added to the residual stream before a norm.</summary>
internal sealed class DistilBertLayer : nn.Module<Tensor, AttentionContext, Tensor>
{
    private static readonly AttentionParts AttentionParts = new()
    {
        Queries = "q_lin", Keys = "k_lin", Values = "v_lin", Output = "out_lin", Weights = "dropout",
    };

    private readonly EncoderAttention attention;
    private readonly Norm sa_layer_norm;
    private readonly Chain ffn;
    private readonly Norm output_layer_norm;

    public DistilBertLayer(EncoderSettings settings, int layer, Weights weights)
        : base(nameof(DistilBertLayer))
    {
        attention = new EncoderAttention(settings, layer, weights, AttentionParts, hasOutput: true);
        sa_layer_norm = settings.CreateNorm(weights);
        ffn = new Chain(
            ("lin1", settings.CreateLinear(settings.InnerWidth, weights)),
            ("activation", settings.CreateActivation()),
            ("lin2", new Linear(settings.InnerWidth, settings.Width, hasBias: true, weights)),
            ("dropout", nn.Dropout(settings.HiddenDropout)));
        output_layer_norm = settings.CreateNorm(weights);
        RegisterComponents();
    }

    /// <summary>Moves the residual stream [row, position, dModel] behind this block.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context)
    {
        var middle = sa_layer_norm.call(attention.call(hidden, hidden, hidden, context).add(hidden, Scalars.Of(1))); // [row, position, dModel]
        return output_layer_norm.call(ffn.call(middle).add(middle, Scalars.Of(1))); // [row, position, dModel]
    }
}

/// <summary>Describes DistilBERT: BERT without segments and pooler, half as deep. Source: Sanh et al., DistilBERT, 2019.</summary>
internal static class DistilBertArchitecture
{
    /// <summary>Gets the architecture.</summary>
    public static EncoderArchitecture Instance { get; } = new()
    {
        ModelType = "distilbert",
        ClassPrefix = "DistilBert",
        Parts = new()
        {
            Body = "distilbert", Encoder = "transformer", Pooler = null, Segments = null, HeadWeight = "vocab_projector.weight",
            HeadBias = "vocab_projector.bias",
        },
        Read = config => EncoderSettings.Read(config) with { HasSinusoids = config.Flag("sinusoidal_pos_embds") },
        CreateBlock = (settings, layer, weights) => new DistilBertLayer(settings, layer, weights),
        CreateTokenHead = (body, weights) =>
        [
            ("vocab_transform", body.Settings.CreateLinear(body.Width, weights)),
            ("activation", body.Settings.CreateActivation()),
            ("vocab_layer_norm", body.Settings.CreateNorm(weights)),
            ("vocab_projector", body.Config.Flag("tie_word_embeddings")
                ? new Chain(weights.Unfilled(body.VocabSize), ("tied", new TiedLinear(body.Tokens)))
                : body.Settings.CreateLinear(body.VocabSize, weights)),
        ],
        CreateClassifier = (body, weights) =>
        [
            (null, new FirstPosition()),
            ("pre_classifier", body.Settings.CreateLinear(body.Width, weights)),
            ("activation", Activations.Create("relu", body.Config)),
            ("dropout", nn.Dropout(body.Config.Number("seq_classif_dropout"))),
            ("classifier", body.Settings.CreateLinear(body.Config.LabelCount, weights)),
        ],
        Fields = EncoderFields.Create("distilbert", new()
        {
            ["hidden_size"] = Size(ArchitectureDescriptor.DefaultOf("distilbert", "hidden_size"), Widest).Or("dim"),
            ["num_hidden_layers"] = Size(ArchitectureDescriptor.DefaultOf("distilbert", "num_hidden_layers"), MostLayers).Or("n_layers"),
            ["num_attention_heads"] = Size(ArchitectureDescriptor.DefaultOf("distilbert", "num_attention_heads"), Widest).Or("n_heads"),
            ["intermediate_size"] = Size(ArchitectureDescriptor.DefaultOf("distilbert", "hidden_dim"), Widest).Under("hidden_dim"),
            ["hidden_act"] = Activation("gelu").Under("activation"),
            ["hidden_dropout_prob"] = Probability(0.1).Under("dropout"),
            ["attention_probs_dropout_prob"] = Probability(0.1).Under("attention_dropout"),
            ["seq_classif_dropout"] = Probability(0.2),
            ["sinusoidal_pos_embds"] = Flag(false), // what positions start from; they are stored as others are
            ["layer_norm_eps"] = Unsaid(1e-12),
            ["position_embedding_type"] = Unsaid("absolute"),
            ["classifier_dropout"] = Unsaid(null),
        }, "qa_dropout", "tie_weights_", "output_past"),
    };
}
