// Reproduces transformers 4.57.6, models/whisper/modeling_whisper.py, with eager attention's numbers.
using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp;
using TorchSharp.Modules;
using static Pyvene.Typed.Models.Fields.CommonFields;
using static Pyvene.Typed.Models.Fields.FieldRule;
using static TorchSharp.torch;
using Conv1d = Pyvene.Typed.Models.Layers.Conv1d;
using Embedding = Pyvene.Typed.Models.Layers.Embedding;
using LayerNorm = Pyvene.Typed.Models.Layers.LayerNorm;
using Linear = Pyvene.Typed.Models.Layers.Linear;

namespace Pyvene.Typed.Models;

/// <summary>Holds the sizes and choices of one of Whisper's stacks.</summary>
/// <param name="Source">The configuration, which its table has checked and completed.</param>
/// <param name="Side"><c>encoder</c> or <c>decoder</c>.</param>
internal sealed record WhisperSettings(ModelConfig Source, string Side)
{
    public long Width => Source.Size("d_model");

    public int LayerCount => (int)Source.Size($"{Side}_layers");

    public long InnerWidth => Source.Size($"{Side}_ffn_dim");

    public double Dropout => Source.Number("dropout");

    /// <summary>Gets how attention projects; keys have no bias.</summary>
    public HeadSettings Heads
    {
        get
        {
            var heads = Source.Size($"{Side}_attention_heads");
            return Width % heads == 0
                ? new(Width, heads, Width / heads, new AttentionRule(1 / Math.Sqrt(Width / heads)), Source.Number("attention_dropout"))
                {
                    Parts = new() { Output = "out_proj" }, HasBiases = true,
                }
                : throw new CheckpointException(
                    Source.Origin, $"'d_model' must be a multiple of '{Side}_attention_heads', but is {Width} with {heads} heads.");
        }
    }

    public LayerNorm CreateNorm(Weights weights) => new(Width, 1e-5, weights);
}

/// <summary>Is a block of either stack: attention to its own positions, in the decoder to the encoder's, and an MLP.</summary>
/// <typeparam name="TContext">What the blocks of the stack share.</typeparam>
internal abstract class WhisperLayer<TContext> : nn.Module<Tensor, TContext, Tensor>
{
    private protected readonly SelfAttention self_attn;
    private protected readonly LayerNorm self_attn_layer_norm;
    private protected readonly CrossAttention? encoder_attn;
    private protected readonly LayerNorm? encoder_attn_layer_norm;
    private protected readonly Linear fc1;
    private protected readonly Linear fc2;
    private protected readonly nn.Module<Tensor, Tensor> activation_fn;
    private protected readonly LayerNorm final_layer_norm;
    private readonly WhisperSettings settings;

    private protected WhisperLayer(WhisperSettings settings, int layer, bool crosses, Weights weights)
        : base("WhisperLayer")
    {
        this.settings = settings;
        self_attn = new SelfAttention(settings.Heads, layer, weights);
        self_attn_layer_norm = settings.CreateNorm(weights);
        encoder_attn = crosses ? new CrossAttention(settings.Heads, layer, weights) : null;
        encoder_attn_layer_norm = crosses ? settings.CreateNorm(weights) : null;
        fc1 = new Linear(settings.Width, settings.InnerWidth, hasBias: true, weights);
        fc2 = new Linear(settings.InnerWidth, settings.Width, hasBias: true, weights);
        activation_fn = Activations.Create(settings.Source.Text("activation_function"), settings.Source);
        final_layer_norm = settings.CreateNorm(weights);
        RegisterComponents();
    }

    /// <summary>Moves the residual stream [row, position, dModel] behind the block.</summary>
    /// <param name="hidden">The residual stream.</param>
    /// <param name="own">What attention to its own positions shares.</param>
    /// <param name="decoder">What the decoder's blocks share; <see langword="null"/> in the encoder.</param>
    private protected Tensor Run(Tensor hidden, AttentionContext own, DecoderContext? decoder)
    {
        hidden = Added(hidden, self_attn.call(self_attn_layer_norm.call(hidden), own));
        if (encoder_attn is not null)
        {
            hidden = Added(hidden, encoder_attn.call(encoder_attn_layer_norm!.call(hidden), decoder!.Memory, decoder.Crossing));
        }

        var inner = activation_fn.call(fc1.call(final_layer_norm.call(hidden))); // [row, position, dMlp]
        var moved = Added(hidden, fc2.call(Dropped(inner, settings.Source.Number("activation_dropout")))); // [row, position, dModel]
        if (decoder is not null || moved.dtype != ScalarType.Float16) return moved;
        var most = (double)Half.MaxValue - 1000;
        return moved.clamp(Scalars.Of(-most), Scalars.Of(most));
    }

    private Tensor Added(Tensor hidden, Tensor made) => hidden.add(Dropped(made, settings.Dropout), Scalars.Of(1)); // [row, position, dModel]

    private Tensor Dropped(Tensor values, double probability) => nn.functional.dropout(values, probability, training);
}

/// <summary>Is a block of the encoder.</summary>
internal sealed class WhisperEncoderLayer(WhisperSettings settings, int layer, Weights weights)
    : WhisperLayer<AttentionContext>(settings, layer, crosses: false, weights)
{
    /// <summary>Moves the residual stream [row, frame, dModel] behind this block.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context) => Run(hidden, context, null);
}

/// <summary>Is a block of the decoder.</summary>
internal sealed class WhisperDecoderLayer(WhisperSettings settings, int layer, Weights weights)
    : WhisperLayer<DecoderContext>(settings, layer, crosses: true, weights)
{
    /// <summary>Moves the residual stream [row, decoder position, dModel] behind this block.</summary>
    public override Tensor forward(Tensor hidden, DecoderContext context) => Run(hidden, context.Own, context);
}

/// <summary>Is Whisper's encoder: two convolutions over a spectrum, positions, blocks.</summary>
internal sealed class WhisperEncoder : nn.Module
{
    private readonly WhisperSettings settings;
    private readonly Conv1d conv1;
    private readonly Conv1d conv2;
    private readonly Embedding embed_positions;

    public WhisperEncoder(WhisperSettings settings, Weights weights)
        : base(nameof(WhisperEncoder))
    {
        this.settings = settings;
        conv1 = new Conv1d(settings.Source.Size("num_mel_bins"), settings.Width, 3, 1, weights);
        conv2 = new Conv1d(settings.Width, settings.Width, 3, 2, weights);
        embed_positions = new Embedding(settings.Source.Size("max_source_positions"), settings.Width, weights);
        layers = nn.ModuleList([.. Enumerable.Range(0, settings.LayerCount).Select(layer => new WhisperEncoderLayer(settings, layer, weights))]);
        layer_norm = settings.CreateNorm(weights);
        RegisterComponents();
    }

    internal readonly ModuleList<WhisperEncoderLayer> layers;
    internal readonly LayerNorm layer_norm;

    /// <summary>Maps a spectrum [row, frequency, frame] to the residual stream before the first block, [row, frame / 2, dModel].</summary>
    public Tensor Embed(Tensor features)
    {
        using var scope = NewDisposeScope();
        var frames = conv2.call(conv1.call(features).gelu()).gelu().transpose(1, 2); // [row, frame, dModel]
        using var all = arange(Scalars.Of(0), Scalars.Of(frames.shape[1]), Scalars.Of(1), ScalarType.Int64, features.device).unsqueeze(0); // [1, frame]
        return scope.HandOut(nn.functional.dropout(frames.add(embed_positions.call(all), Scalars.Of(1)), settings.Dropout, training));
    }
}

/// <summary>Is Whisper's decoder: tokens with learned positions, blocks that look back at the encoder.</summary>
internal sealed class WhisperDecoder : nn.Module
{
    private readonly WhisperSettings settings;
    private readonly Embedding embed_positions;
    internal readonly Embedding embed_tokens;
    internal readonly ModuleList<WhisperDecoderLayer> layers;
    internal readonly LayerNorm layer_norm;

    public WhisperDecoder(WhisperSettings settings, Weights weights)
        : base(nameof(WhisperDecoder))
    {
        this.settings = settings;
        embed_tokens = new Embedding(settings.Source.Size("vocab_size"), settings.Width, weights);
        embed_positions = new Embedding(settings.Source.Size("max_position_embeddings"), settings.Width, weights);
        layers = nn.ModuleList([.. Enumerable.Range(0, settings.LayerCount).Select(layer => new WhisperDecoderLayer(settings, layer, weights))]);
        layer_norm = settings.CreateNorm(weights);
        RegisterComponents();
    }

    /// <summary>Computes the residual stream before the first block: [row, decoder position, dModel].</summary>
    public Tensor Embed(ModelInputs inputs, long past)
    {
        using var scope = NewDisposeScope();
        var tokens = inputs.DecoderInputsEmbeds?.alias() ?? embed_tokens.call(inputs.DecoderInputIds!); // [row, decoder position, dModel]
        var positions = inputs.DecoderPositionIds
            ?? arange(Scalars.Of(past), Scalars.Of(past + tokens.shape[1]), Scalars.Of(1), ScalarType.Int64, tokens.device).unsqueeze(0);
        return scope.HandOut(nn.functional.dropout(tokens.add(embed_positions.call(positions), Scalars.Of(1)), settings.Dropout, training));
    }
}

/// <summary>Is Whisper: bare, or with a head that gives a logit for every token.</summary>
/// <remarks>
/// The encoder reads spectra of one length, which nothing masks. Without tokens of the decoder they are the labels, moved one place to the right behind the
/// token that the configuration calls <c>decoder_start_token_id</c>. The loss is the mean cross entropy, labels of −100 left out.
/// </remarks>
internal sealed class WhisperModel : EncoderDecoderModel
{
    private readonly WhisperEncoder encoder;
    private readonly WhisperDecoder decoder;
    private readonly nn.Module<Tensor, Tensor>? proj_out;
    private readonly string prefix;
    private readonly (WhisperSettings Encoder, WhisperSettings Decoder) settings;

    public WhisperModel(string name, ModelConfig config, Weights weights)
        : base(name, config)
    {
        settings = (new(config, nameof(encoder)), new(config, nameof(decoder)));
        encoder = new WhisperEncoder(settings.Encoder, weights);
        decoder = new WhisperDecoder(settings.Decoder, weights);
        var hasHead = name == WhisperArchitecture.Generator;
        prefix = hasHead ? "model." : "";
        var body = hasHead ? new Body() : (nn.Module)this;
        body.register_module(nameof(encoder), encoder);
        body.register_module(nameof(decoder), decoder);
        EncoderPaths = (PathsIn($"{prefix}encoder.layers", settings.Encoder.LayerCount), $"{prefix}encoder.layer_norm");
        DecoderPaths = (PathsIn($"{prefix}decoder.layers", settings.Decoder.LayerCount), $"{prefix}decoder");
        BeginPaths = [$"{prefix}encoder.conv1", $"{prefix}encoder.conv2", $"{prefix}encoder.embed_positions"];
        if (!hasHead) return;
        register_module("model", body);
        proj_out = config.Flag("tie_word_embeddings")
            ? new TiedLinear(decoder.embed_tokens)
            : new Linear(settings.Decoder.Width, config.Size("vocab_size"), hasBias: false, weights);
        register_module(nameof(proj_out), proj_out);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> BeginPaths { get; }

    internal override bool SelectsLogits => proj_out is not null;

    internal override CheckpointLayout CheckpointLayout => new()
    {
        BasePrefix = "model.",
        IsBare = proj_out is null,
        Tied = new Dictionary<string, string> { ["proj_out.weight"] = "model.decoder.embed_tokens.weight" },
    };

    private protected override string EncoderAxis => "frame";

    private protected override (IReadOnlyList<string> Blocks, string End) EncoderPaths { get; }

    private protected override (IReadOnlyList<string> Blocks, string Stack) DecoderPaths { get; }

    private long MostFrames => Config.Size("max_source_positions") * 2;

    /// <inheritdoc/>
    internal override void CheckArguments(ModelInputs inputs)
    {
        if (inputs.InputIds is not null || inputs.InputsEmbeds is not null || inputs.AttentionMask is not null || inputs.PositionIds is not null)
        {
            throw new ArgumentException(
                "The encoder reads spectra of one length, InputFeatures; leave InputIds, InputsEmbeds, AttentionMask and PositionIds out.", nameof(inputs));
        }

        if (inputs.InputFeatures is { } features
            && (features.dim() != 3 || features.shape[0] == 0 || features.shape[1] != Config.Size("num_mel_bins") || features.shape[2] != MostFrames))
        {
            throw new ArgumentException(
                $"InputFeatures must have the shape [batch, {Config.Size("num_mel_bins")}, {MostFrames}], but have [{string.Join(", ", features.shape)}]. Pad "
                    + "the spectrum, or cut it.",
                nameof(inputs.InputFeatures));
        }

        if (inputs is { InputFeatures: null, EncoderOutput: null, Past: null })
        {
            throw new ArgumentException("The encoder reads InputFeatures, or EncoderOutput says what it made; neither is given.", nameof(inputs));
        }

        InputCheck.CheckHeadMask(inputs.HeadMask, nameof(inputs.HeadMask), settings.Encoder.LayerCount, settings.Encoder.Heads.Count);
        InputCheck.CheckHeadMask(
            inputs.DecoderHeadMask, nameof(inputs.DecoderHeadMask), settings.Decoder.LayerCount, settings.Decoder.Heads.Count);
        InputCheck.CheckHeadMask(
            inputs.CrossAttentionHeadMask, nameof(inputs.CrossAttentionHeadMask), settings.Decoder.LayerCount, settings.Decoder.Heads.Count);
        var written = OfDecoder(Completed(inputs), inputs.Past) with { HeadMask = null };
        var (vocab, positions) = (Config.Size("vocab_size"), Config.Size("max_position_embeddings"));
        InputCheck.Check(written, vocab, settings.Decoder.Width, positions, heads: settings.Decoder.Heads.Count, of: "Decoder");
        if (SelectsLogits) Losses.CheckTokenLabels(written, vocab);
    }

    private protected override bool ReadsMemory(string path) =>
        path.EndsWith(".encoder_attn.k_proj", StringComparison.Ordinal) || path.EndsWith(".encoder_attn.v_proj", StringComparison.Ordinal);

    private protected override Tensor Read(ModelInputs inputs) => encoder.Embed(inputs.InputFeatures!);

    private protected override AttentionContext ReadingContext(ModelInputs inputs, Tensor hidden) =>
        AttentionContext.ForEncoder(inputs, hidden, AttentionMask.Open);

    private protected override nn.Module<Tensor, AttentionContext, Tensor> EncoderBlock(int block) => encoder.layers[block];

    private protected override Tensor ReadEnd(Tensor hidden) => encoder.layer_norm.call(hidden);

    private protected override Tensor Write(ModelInputs inputs, long past) => decoder.Embed(inputs, past);

    private protected override AttentionContext WritingContext(ModelInputs inputs, Tensor hidden) =>
        AttentionContext.ForDecoder(inputs with { PositionIds = null }, hidden, new CausalRule(BlocksForGood: false, [null]), []);

    private protected override nn.Module<Tensor, DecoderContext, Tensor> DecoderBlock(int block) => decoder.layers[block];

    private protected override Tensor WrittenEnd(Tensor hidden) => decoder.layer_norm.call(hidden);

    private protected override Tensor? Logits(Tensor last) => proj_out?.call(last);

    /// <summary>Registers nothing: the parts are registered above.</summary>
    protected override void RegisterComponents()
    {
    }

    /// <summary>Holds both stacks under the name that they have below a head.</summary>
    private sealed class Body() : nn.Module("WhisperModel");
}

/// <summary>Lists Whisper's classes. Source: Radford et al., Robust Speech Recognition via Large-Scale Weak Supervision, 2022.</summary>
internal static class WhisperArchitecture
{
    public const string Generator = "WhisperForConditionalGeneration";

    private const string ModelType = "whisper";

    /// <summary>Gets what the models make of the fields of a configuration.</summary>
    public static ConfigTable Fields { get; } = new(
    [
        .. OfClassifiers,
        new("vocab_size", Size(Default("vocab_size"))),
        new("num_mel_bins", Size(Default("num_mel_bins"), Widest)),
        new("d_model", Size(Default("d_model"), Widest)),
        .. new[] { "encoder", "decoder" }.SelectMany(side => new KeyValuePair<string, FieldRule>[]
        {
            new($"{side}_layers", Size(Default($"{side}_layers"), MostLayers)),
            new($"{side}_attention_heads", Size(Default($"{side}_attention_heads"), Widest)),
            new($"{side}_ffn_dim", Size(Default($"{side}_ffn_dim"), WidestInside)),
            new($"{side}_layerdrop", Only("0")),
        }),
        new("max_source_positions", Size(Default("max_source_positions"), Widest)),
        new("max_position_embeddings", Size(Default("max_target_positions"), Widest).Under("max_target_positions")),
        new("activation_function", Activation("gelu")),
        new("dropout", Probability(0)),
        new("attention_dropout", Probability(0)),
        new("activation_dropout", Probability(0)),
        new("apply_spec_augment", Only("false")),
        new("initializer_range", Number(0.02, 0, 1000).Under("init_std")),
        new("tie_word_embeddings", Flag(true)),
        new("is_encoder_decoder", Flag(true)),
        new("decoder_start_token_id", Whole(50257).OrNull),
        new("bos_token_id", Whole(50256).OrNull),
        new("pad_token_id", Whole(50256).OrNull),
    ],
    "scale_embedding", "num_hidden_layers", "use_weighted_layer_sum", "classifier_proj_size", "mask_time_prob", "mask_time_length", "mask_time_min_masks",
        "mask_feature_prob", "mask_feature_length", "mask_feature_min_masks", "median_filter_width", "forced_decoder_ids")
    {
        LayerField = "decoder_layers",
    };

    /// <summary>Returns the classes that can be built.</summary>
    public static IEnumerable<ModelClass> Classes() => new[] { "WhisperModel", Generator }
        .Select(name => new ModelClass(name, ModelType, Fields, (config, weights) => new WhisperModel(name, config, weights)));

    private static long? Default(string field) => ArchitectureDescriptor.DefaultOf(ModelType, field);
}
