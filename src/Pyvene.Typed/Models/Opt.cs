// Reproduces transformers 4.57.6, models/opt/modeling_opt.py, with eager attention's numbers.
using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static Pyvene.Typed.Models.Fields.CommonFields;
using static Pyvene.Typed.Models.Fields.FieldRule;
using static TorchSharp.torch;
using Embedding = Pyvene.Typed.Models.Layers.Embedding;
using LayerNorm = Pyvene.Typed.Models.Layers.LayerNorm;
using Linear = Pyvene.Typed.Models.Layers.Linear;

namespace Pyvene.Typed.Models;

/// <summary>Is OPT's block, which holds the parts of its MLP itself, and whose norms are before attention and MLP or, in one model, behind the sums.</summary>
internal sealed class OPTDecoderLayer : nn.Module<Tensor, AttentionContext, Tensor>
{
    private static readonly AttentionParts AttentionParts = new() { Output = "out_proj" };

    private readonly DecoderAttention self_attn;
    private readonly nn.Module<Tensor, Tensor> activation_fn;
    private readonly LayerNorm self_attn_layer_norm;
    private readonly Linear fc1;
    private readonly Linear fc2;
    private readonly LayerNorm final_layer_norm;
    private readonly double dropoutRate;
    private readonly bool normsBefore;

    public OPTDecoderLayer(DecoderSettings settings, int layer, Weights weights)
        : base(nameof(OPTDecoderLayer))
    {
        (dropoutRate, normsBefore) = (settings.HiddenDropout, settings.Source.Flag("do_layer_norm_before"));
        self_attn = new DecoderAttention(settings, layer, weights, AttentionParts);
        activation_fn = Activations.Create(settings.Activation, settings.Source);
        self_attn_layer_norm = OPTDecoder.Norm(settings, weights);
        fc1 = new Linear(settings.Width, settings.InnerWidth, settings.HasMlpBias, weights);
        fc2 = new Linear(settings.InnerWidth, settings.Width, settings.HasMlpBias, weights);
        final_layer_norm = OPTDecoder.Norm(settings, weights);
        RegisterComponents();
    }

    /// <summary>Moves the residual stream [row, position, dModel] behind this block.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context)
    {
        var attended = self_attn.call(normsBefore ? self_attn_layer_norm.call(hidden) : hidden, context); // [row, position, dModel]
        var sum = hidden.add(Dropped(attended), Scalars.Of(1)); // [row, position, dModel]

        // As in transformers, what stands between here and the end sees rows and positions in one axis.
        var middle = (normsBefore ? sum : self_attn_layer_norm.call(sum)).flatten(0, 1); // [row · position, dModel]
        var made = fc2.call(activation_fn.call(fc1.call(normsBefore ? final_layer_norm.call(middle) : middle))); // [row · position, dModel]
        var end = middle.add(Dropped(made), Scalars.Of(1)).view(sum.shape); // [row, position, dModel]
        return normsBefore ? end : final_layer_norm.call(end);
    }

    private Tensor Dropped(Tensor values) => training ? nn.functional.dropout(values, dropoutRate, training: true) : values;
}

/// <summary>Holds the parts of OPT's bare model one module deeper than others do.</summary>
internal sealed class OPTDecoder : nn.Module
{
    // The table of positions has two rows in front of them: of padding, and one that no model reads.
    private const long FirstPosition = 2;

    internal readonly Embedding embed_tokens;
    internal readonly Linear? project_in;
    internal readonly ModuleList<OPTDecoderLayer> layers;

    private readonly Embedding embed_positions;
    private readonly Linear? project_out;
    private readonly LayerNorm? final_layer_norm;

    public OPTDecoder(DecoderSettings settings, long tokenWidth, Weights weights)
        : base(nameof(OPTDecoder))
    {
        var source = settings.Source;
        embed_tokens = new Embedding(settings.VocabSize, tokenWidth, weights);
        embed_positions = new Embedding(settings.PositionCount!.Value + FirstPosition, settings.Width, weights);
        project_in = tokenWidth == settings.Width ? null : new Linear(tokenWidth, settings.Width, hasBias: false, weights);
        project_out = tokenWidth == settings.Width ? null : new Linear(settings.Width, tokenWidth, hasBias: false, weights);
        final_layer_norm = source.Flag("do_layer_norm_before") && !source.Flag("_remove_final_layer_norm") ? Norm(settings, weights) : null;
        layers = nn.ModuleList([.. Enumerable.Range(0, settings.LayerCount).Select(layer => new OPTDecoderLayer(settings, layer, weights))]);
        RegisterComponents();
    }

    public static LayerNorm Norm(DecoderSettings settings, Weights weights) =>
        new(settings.Width, settings.NormEpsilon, weights, settings.NormsHaveWeight, settings.NormsHaveWeight);

    /// <summary>Returns the residual stream before the first block: [batch, position, dModel].</summary>
    public Tensor Embed(ModelInputs inputs)
    {
        var tokens = inputs.InputsEmbeds ?? embed_tokens.call(inputs.InputIds!); // [batch, position, dToken]
        var positions = embed_positions.call(Positions(inputs, tokens).add(Scalars.Of(FirstPosition))); // [batch or 1, position, dModel]
        return (project_in is null ? tokens : project_in.call(tokens)).add(positions, Scalars.Of(1));
    }

    /// <summary>Maps what the last block leaves, [row, position, dModel], to what a head reads, [row, position, dToken].</summary>
    public Tensor Normalize(Tensor hidden)
    {
        var normed = final_layer_norm is null ? hidden : final_layer_norm.call(hidden); // [row, position, dModel]
        return project_out is not null ? project_out.call(normed) : final_layer_norm is null ? normed.alias() : normed;
    }

    // Real tokens are counted from 0 on, and padding is −1; without a mask of tokens all are real. [batch or 1, position]
    private static Tensor Positions(ModelInputs inputs, Tensor tokens)
    {
        if (inputs.PositionIds is { } given)
        {
            return given;
        }

        var (past, length) = (inputs.Past?.Length ?? 0, tokens.shape[1]);
        if (inputs.AttentionMask is not { } mask || mask.dim() != 2)
        {
            return arange(Scalars.Of(past), Scalars.Of(past + length), Scalars.Of(1), ScalarType.Int64, tokens.device).unsqueeze(0);
        }

        var real = mask.to(ScalarType.Int64); // [batch, key]
        return real.cumsum(1).mul(real).sub(Scalars.Of(1)).narrow(1, past, length);
    }
}

/// <summary>Is OPT's bare model.</summary>
internal sealed class OPTModel : TransformerBody
{
    private readonly OPTDecoder decoder;
    private readonly DecoderSettings settings;
    private readonly CausalRule masking;

    public OPTModel(DecoderSettings settings, Weights weights)
        : base(OPTArchitecture.Instance.BodyClass, settings.Source)
    {
        this.settings = settings;
        Width = settings.Source.GetInteger("word_embed_proj_dim") ?? settings.Width;
        masking = new CausalRule(BlocksForGood: false, [null]);
        decoder = new OPTDecoder(settings, Width, weights);
        BlockPaths = PathsIn("decoder.layers", decoder.layers.Count);
        BeginPaths = ["decoder.embed_tokens", "decoder.embed_positions", .. decoder.project_in is null ? (string[])[] : ["decoder.project_in"]];
        register_module(nameof(decoder), decoder);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> BlockPaths { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> BeginPaths { get; }

    internal override bool IsCausal => true;

    internal override long Width { get; }

    internal override long VocabSize => settings.VocabSize;

    internal override Embedding Tokens => decoder.embed_tokens;

    /// <inheritdoc/>
    internal override CheckpointLayout LayoutOf(bool isBare) => new()
    {
        BasePrefix = "model.",
        IsBare = isBare,
        Tied = new Dictionary<string, string> { ["lm_head.weight"] = "model.decoder.embed_tokens.weight" },
    };

    internal override Tensor Normalize(Tensor hidden) => decoder.Normalize(hidden);

    private protected override void CheckInputs(ModelInputs inputs) =>
        InputCheck.Check(inputs, VocabSize, Width, settings.PositionCount, heads: settings.HeadCount);

    private protected override AttentionContext CreateContext(ModelInputs inputs, Tensor hidden) => AttentionContext.ForDecoder(inputs, hidden, masking, []);

    private protected override nn.Module<Tensor, AttentionContext, Tensor> Block(int block) => decoder.layers[block];

    private protected override Tensor Embed(ModelInputs inputs) => decoder.Embed(inputs);

    /// <summary>Registers nothing: the one part is registered above.</summary>
    protected override void RegisterComponents()
    {
    }
}

/// <summary>Describes OPT. Source: Zhang et al., OPT: Open Pre-trained Transformer Language Models, 2022.</summary>
internal static class OPTArchitecture
{
    /// <summary>Gets the architecture.</summary>
    public static DecoderArchitecture Instance { get; } = new()
    {
        ModelType = "opt",
        ClassPrefix = "OPT",
        CreateBody = (architecture, config, weights) => new OPTModel(architecture.Read(config), weights),
        Read = config => DecoderSettings.ReadUnturned(config) with
        {
            PositionCount = config.Size("max_position_embeddings"),
            HasProjectionBias = config.Flag("enable_bias"),
            HasOutputBias = config.Flag("enable_bias"),
            HasMlpBias = config.Flag("enable_bias"),
            NormsHaveWeight = config.Flag("layer_norm_elementwise_affine"),
            HiddenDropout = config.Number("dropout"),
        },
        Fields = DecoderFields.CreateUnturned("opt", new() { TiesHead = true }, new()
        {
            ["intermediate_size"] = Size(ArchitectureDescriptor.DefaultOf("opt", "ffn_dim"), WidestInside).Under("ffn_dim"),
            ["hidden_act"] = Activation("relu").Under("activation_function"),
            ["rms_norm_eps"] = Unsaid(1e-5),
            ["initializer_range"] = Number(0.02, 0, 1000).Under("init_std"),
            ["word_embed_proj_dim"] = Size(null, Widest).OrNull,
            ["do_layer_norm_before"] = Flag(true),
            ["_remove_final_layer_norm"] = Flag(false),
            ["enable_bias"] = Flag(true),
            ["layer_norm_elementwise_affine"] = Flag(true),
            ["dropout"] = Probability(0.1),
            ["layerdrop"] = Only("0"),
        }),
    };
}
