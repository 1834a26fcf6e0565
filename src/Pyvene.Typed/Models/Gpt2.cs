// Reproduces transformers 4.57.6, models/gpt2/modeling_gpt2.py, with eager attention's numbers.
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using TorchSharp.Modules;
using static Pyvene.Typed.Models.Fields.CommonFields;
using static Pyvene.Typed.Models.Fields.FieldRule;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is GPT-2's linear map, whose weight is [in, out].</summary>
/// <remarks>In memory it lies as [out, in], which is faster to multiply with (<see cref="LinearMap"/>).</remarks>
internal sealed class Conv1D : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight; // [in, out]
    private readonly Parameter bias; // [out]

    public Conv1D(long inputs, long outputs, Weights weights)
        : base(nameof(Conv1D))
    {
        weight = weights.UnfilledTurned(inputs, outputs);
        bias = weights.Unfilled(outputs);
        RegisterComponents();
    }

    /// <summary>Maps [row, position, in] to [row, position, out].</summary>
    public override Tensor forward(Tensor input)
    {
        using var turned = weight.t(); // [out, in]
        return LinearMap.Apply(input, turned, bias); // [row, position, out]
    }
}

/// <summary>Is GPT-2's causal self-attention.</summary>
internal sealed class GPT2Attention : nn.Module<Tensor, AttentionContext, Tensor>
{
    private readonly Conv1D c_attn;
    private readonly Conv1D c_proj;
    private readonly Tap attn_dropout;
    private readonly Dropout resid_dropout;
    private readonly DecoderSettings settings;
    private readonly AttentionRule rule;
    private readonly int layer;

    public GPT2Attention(DecoderSettings settings, int layer, Weights weights)
        : base(nameof(GPT2Attention))
    {
        (this.settings, this.layer, rule) = (settings, layer, settings.RuleOf(layer));
        c_attn = new Conv1D(settings.Width, 3 * settings.Width, weights);
        c_proj = new Conv1D(settings.Width, settings.Width, weights);
        attn_dropout = new Tap(settings.AttentionDropout);
        resid_dropout = nn.Dropout(settings.HiddenDropout);
        RegisterComponents();
    }

    /// <summary>Maps the normed residual stream [row, position, dModel] to what attention adds to it.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var projected = c_attn.call(hidden); // [row, position, 3·dModel]
        var (query, key, value) = (Heads(projected, 0), Heads(projected, 1), Heads(projected, 2)); // [row, head, position, dHead]
        (key, value) = context.Seen(layer, key, value); // [row, head, key, dHead]

        // [row, position, dModel]
        var mixed = Attention.Attend(query, key, value, rule, context.MaskOf(), context, attn_dropout).transpose(1, 2).reshape(hidden.shape);
        return scope.HandOut(resid_dropout.call(c_proj.call(mixed)));
    }

    private Tensor Heads(Tensor projected, int part) =>
        projected.narrow(2, part * settings.Width, settings.Width)
            .view(projected.shape[0], projected.shape[1], settings.HeadCount, settings.HeadWidth).transpose(1, 2); // [row, head, position, dHead]
}

/// <summary>Is GPT-2's MLP: into hidden values, bent, out of them.</summary>
internal sealed class GPT2MLP : nn.Module<Tensor, Tensor>
{
    private readonly Conv1D c_fc;
    private readonly nn.Module<Tensor, Tensor> act;
    private readonly Conv1D c_proj;
    private readonly Dropout dropout;

    public GPT2MLP(DecoderSettings settings, Weights weights)
        : this(settings, settings.InnerWidth, settings.Width, weights)
    {
    }

    public GPT2MLP(DecoderSettings settings, long inner, long outputs, Weights weights)
        : base(nameof(GPT2MLP))
    {
        c_fc = new Conv1D(settings.Width, inner, weights);
        act = Activations.Create(settings.Activation, settings.Source);
        c_proj = new Conv1D(inner, outputs, weights);
        dropout = nn.Dropout(settings.HiddenDropout);
        RegisterComponents();
    }

    /// <summary>Maps the normed residual stream [row, position, dModel] to what the MLP adds to it, or to outputs of another width.</summary>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return scope.HandOut(dropout.call(c_proj.call(act.call(c_fc.call(hidden))))); // [row, position, outputs]
    }
}

/// <summary>Describes GPT-2. Source: Radford et al., Language Models are Unsupervised Multitask Learners, 2019.</summary>
internal static class GPT2Architecture
{
    /// <summary>Gets the architecture; its old checkpoints carry the causal mask of every layer.</summary>
    public static DecoderArchitecture Instance { get; } = new()
    {
        ModelType = "gpt2",
        ClassPrefix = "GPT2",
        LanguageModelClass = "GPT2LMHeadModel",
        Parts = new()
        {
            Body = "transformer", Tokens = "wte", Positions = "wpe", Dropout = "drop", Blocks = "h", FinalNorm = "ln_f",
            AttentionNorm = "ln_1", Attention = "attn", MlpNorm = "ln_2", Mlp = "mlp", Residual = "c_proj.weight",
        },
        CreateAttention = (settings, layer, weights) => new GPT2Attention(settings, layer, weights),
        CreateMlp = (settings, weights) => new GPT2MLP(settings, weights),
        IgnoredEndings = [".attn.bias", ".attn.masked_bias"],
        Read = Read,
        Fields = Table("gpt2", dividesScoresByLayer: false, new()
        {
            ["tie_word_embeddings"] = Flag(true),
            ["num_senses"] = Only(), // a Backpack's
        }),
    };

    /// <summary>Returns what an architecture makes of the fields of a configuration that begins with those of GPT-2.</summary>
    /// <param name="key">The architecture's key; its descriptor says what sizes that are left out are.</param>
    /// <param name="dividesScoresByLayer">What an absent <c>scale_attn_by_inverse_layer_idx</c> stands for.</param>
    /// <param name="own">The architecture's own fields.</param>
    public static ConfigTable Table(string key, bool dividesScoresByLayer, Dictionary<string, FieldRule> own) => new(
        [
            .. OfClassifiers,
            new("vocab_size", Size(ArchitectureDescriptor.DefaultOf(key, "vocab_size"))),
            new("n_positions", Size(ArchitectureDescriptor.DefaultOf(key, "n_positions")).Or("max_position_embeddings")),
            new("n_embd", Size(ArchitectureDescriptor.DefaultOf(key, "n_embd"), Widest).Or("hidden_size")),
            new("n_layer", Size(ArchitectureDescriptor.DefaultOf(key, "n_layer"), MostLayers).Or("num_hidden_layers")),
            new("n_head", Size(ArchitectureDescriptor.DefaultOf(key, "n_head"), Widest).Or("num_attention_heads")),
            new("n_inner", Size(null, WidestInside).OrNull),
            new("activation_function", Activation("gelu_new")),
            new("layer_norm_epsilon", Epsilon(1e-5)),
            new("attn_pdrop", Probability(0.1)),
            new("embd_pdrop", Probability(0.1)),
            new("resid_pdrop", Probability(0.1)),
            new("scale_attn_weights", Flag(true)),
            new("scale_attn_by_inverse_layer_idx", Flag(dividesScoresByLayer)),
            new("reorder_and_upcast_attn", Flag(false)),
            new("position_embedding_type", Only("\"absolute\"")),
            .. own,
        ],
        "n_ctx", "output_past", "classifier_dropout", "summary_activation", "summary_first_dropout", "summary_proj_to_labels", "summary_type",
        "summary_use_proj")
    { LayerField = "n_layer" };

    /// <summary>Reads the sizes and choices from a configuration that the table has checked and completed.</summary>
    /// <param name="config">The configuration.</param>
    /// <exception cref="CheckpointException">The heads do not divide the width.</exception>
    public static DecoderSettings Read(ModelConfig config)
    {
        var (vocab, width, heads, layers) = (config.Size("vocab_size"), config.Size("n_embd"), config.Size("n_head"), (int)config.Size("n_layer"));
        if (width % heads != 0)
        {
            throw new CheckpointException(config.Origin, $"'n_embd' must be a multiple of 'n_head', but is {width} with {heads} heads.");
        }

        return new()
        {
            Source = config,
            VocabSize = vocab,
            Width = width,
            LayerCount = layers,
            HeadCount = heads,
            KeyHeadCount = heads,
            HeadWidth = width / heads,
            InnerWidth = config.GetInteger("n_inner") ?? (4 * width),
            Activation = config.Text("activation_function"),
            CentresNorms = true,
            NormEpsilon = config.Number("layer_norm_epsilon"),
            PositionCount = config.Size("n_positions"),
            SegmentCount = vocab,
            ScoreScale = config.Flag("scale_attn_weights") ? 1 / Math.Sqrt(width / heads) : 1,
            DividesScoresByLayer = config.Flag("scale_attn_by_inverse_layer_idx"),
            UpcastsScores = config.Flag("reorder_and_upcast_attn"),
            BlocksForGood = true,
            Windows = new long?[layers],
            EmbeddingDropout = config.Number("embd_pdrop"),
            AttentionDropout = config.Number("attn_pdrop"),
            HiddenDropout = config.Number("resid_pdrop"),
        };
    }
}
