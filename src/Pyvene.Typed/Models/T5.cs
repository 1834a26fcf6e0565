// Reproduces transformers 4.57.6, models/t5/modeling_t5.py, with eager attention's numbers.
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
using Embedding = Pyvene.Typed.Models.Layers.Embedding;
using Linear = Pyvene.Typed.Models.Layers.Linear;

namespace Pyvene.Typed.Models;

/// <summary>Holds the sizes and choices of a T5.</summary>
internal sealed record T5Settings
{
    public required ModelConfig Source { get; init; }
    public required long VocabSize { get; init; }
    public required long Width { get; init; } // dModel
    public required long InnerWidth { get; init; } // dMlp
    public required int EncoderCount { get; init; }
    public required int DecoderCount { get; init; }
    public required long HeadCount { get; init; }
    public required long HeadWidth { get; init; } // dHead
    public required double Dropout { get; init; }

    /// <summary>Gets the activation function of the MLP.</summary>
    public required string Activation { get; init; }

    /// <summary>Gets whether the MLP multiplies what it activates with a second map.</summary>
    public required bool IsGated { get; init; }

    /// <summary>Reads a configuration.</summary>
    /// <param name="config">The configuration, which its table has checked and completed.</param>
    public static T5Settings Read(ModelConfig config)
    {
        var mlp = config.Text("feed_forward_proj").Split('-');
        return new()
        {
            Source = config,
            VocabSize = config.Size("vocab_size"),
            Width = config.Size("d_model"),
            InnerWidth = config.Size("d_ff"),
            EncoderCount = (int)config.Size("num_layers"),
            DecoderCount = (int)(config.GetInteger("num_decoder_layers") ?? config.Size("num_layers")),
            HeadCount = config.Size("num_heads"),
            HeadWidth = config.Size("d_kv"),
            Dropout = config.Number("dropout_rate"),
            Activation = config.GetString("dense_act_fn") ?? (mlp is ["gated", "gelu"] ? "gelu_new" : mlp[^1]),
            IsGated = config.GetBoolean("is_gated_act") ?? mlp[0] == "gated",
        };
    }

    /// <summary>Gets how its attention projects: scores are not scaled, and nothing has a bias.</summary>
    public HeadSettings Heads => new(Width, HeadCount, HeadWidth, new AttentionRule(1), Dropout)
    {
        Parts = new() { Queries = "q", Keys = "k", Values = "v", Output = "o" },
    };

    /// <summary>Returns a new norm of the residual stream.</summary>
    public RmsNorm CreateNorm(Weights weights) => new(Width, Source.Number("layer_norm_epsilon"), weights);
}

/// <summary>Is T5's MLP, gated or not.</summary>
internal sealed class T5DenseReluDense : nn.Module<Tensor, Tensor>
{
    private readonly Linear first;
    private readonly Linear? second;
    private readonly Linear wo;
    private readonly Dropout dropout;
    private readonly nn.Module<Tensor, Tensor> act;

    public T5DenseReluDense(T5Settings settings, Weights weights)
        : base(nameof(T5DenseReluDense))
    {
        first = new Linear(settings.Width, settings.InnerWidth, hasBias: false, weights);
        second = settings.IsGated ? new Linear(settings.Width, settings.InnerWidth, hasBias: false, weights) : null;
        wo = new Linear(settings.InnerWidth, settings.Width, hasBias: false, weights);
        dropout = nn.Dropout(settings.Dropout);
        act = Activations.Create(settings.Activation, settings.Source);
        register_module(second is null ? "wi" : "wi_0", first);
        if (second is not null) register_module("wi_1", second);
        register_module(nameof(wo), wo);
        register_module(nameof(dropout), dropout);
        register_module(nameof(act), act);
    }

    /// <summary>Maps the normed residual stream [row, position, dModel] to what the MLP adds to it.</summary>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var inner = act.call(first.call(hidden)); // [row, position, dMlp]
        inner = second is null ? inner : inner.mul(second.call(hidden));
        return scope.HandOut(wo.call(dropout.call(inner)));
    }

    /// <summary>Registers nothing: the parts are registered above.</summary>
    protected override void RegisterComponents()
    {
    }
}

/// <summary>Is one of the parts of a block, which adds to the residual stream what it makes of its norm.</summary>
internal sealed class T5Layer : nn.Module
{
    private readonly RmsNorm layer_norm;
    private readonly Dropout dropout;

    public T5Layer(string name, nn.Module part, T5Settings settings, Weights weights)
        : base(nameof(T5Layer))
    {
        layer_norm = settings.CreateNorm(weights);
        dropout = nn.Dropout(settings.Dropout);
        register_module(name, part);
        register_module(nameof(layer_norm), layer_norm);
        register_module(nameof(dropout), dropout);
    }

    /// <summary>Moves the residual stream [row, position, dModel] behind the part.</summary>
    public Tensor Add(Tensor hidden, Func<Tensor, Tensor> part)
    {
        var moved = hidden.add(dropout.call(part(layer_norm.call(hidden))), Scalars.Of(1)); // [row, position, dModel]
        if (moved.dtype != ScalarType.Float16) return moved;
        var most = (double)Half.MaxValue;
        return moved.isinf().any().IsTrue()
            ? moved.clamp(Scalars.Of(-most + 1000), Scalars.Of(most - 1000))
            : moved;
    }

    /// <summary>Registers nothing: the parts are registered above.</summary>
    protected override void RegisterComponents()
    {
    }
}

/// <summary>Is a block of the encoder: attention and MLP.</summary>
internal sealed class T5EncoderBlock : nn.Module<Tensor, AttentionContext, Tensor>
{
    private readonly T5Layer attending;
    private readonly T5Layer thinking;
    private readonly SelfAttention attention;
    private readonly T5DenseReluDense mlp;

    public T5EncoderBlock(T5Settings settings, int layer, Weights weights)
        : base(nameof(T5EncoderBlock))
    {
        attention = new SelfAttention(settings.Heads, layer, weights);
        Biases = T5Stack.BiasesIn(attention, settings, layer, weights);
        mlp = new T5DenseReluDense(settings, weights);
        attending = new T5Layer("SelfAttention", attention, settings, weights);
        thinking = new T5Layer("DenseReluDense", mlp, settings, weights);
        register_module("layer", nn.ModuleList<nn.Module>(attending, thinking));
    }

    /// <summary>Gets the bias of every bucket of distances and head, [bucket, head], which all blocks share; only the first has it.</summary>
    public Embedding? Biases { get; }

    /// <summary>Moves the residual stream [row, position, dModel] behind this block.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context) =>
        thinking.Add(attending.Add(hidden, normed => attention.call(normed, context)), mlp.call);

    /// <summary>Registers nothing: the parts are registered above.</summary>
    protected override void RegisterComponents()
    {
    }
}

/// <summary>Is a block of the decoder: attention to its own positions, attention to the encoder's, MLP.</summary>
internal sealed class T5DecoderBlock : nn.Module<Tensor, DecoderContext, Tensor>
{
    private readonly T5Layer attending;
    private readonly T5Layer crossing;
    private readonly T5Layer thinking;
    private readonly CrossAttention cross;
    private readonly SelfAttention attention;
    private readonly T5DenseReluDense mlp;

    public T5DecoderBlock(T5Settings settings, int layer, Weights weights)
        : base(nameof(T5DecoderBlock))
    {
        attention = new SelfAttention(settings.Heads, layer, weights);
        Biases = T5Stack.BiasesIn(attention, settings, layer, weights);
        cross = new CrossAttention(settings.Heads, layer, weights);
        mlp = new T5DenseReluDense(settings, weights);
        attending = new T5Layer("SelfAttention", attention, settings, weights);
        crossing = new T5Layer("EncDecAttention", cross, settings, weights);
        thinking = new T5Layer("DenseReluDense", mlp, settings, weights);
        register_module("layer", nn.ModuleList<nn.Module>(attending, crossing, thinking));
    }

    /// <inheritdoc cref="T5EncoderBlock.Biases"/>
    public Embedding? Biases { get; }

    /// <summary>Moves the residual stream [row, decoder position, dModel] behind this block.</summary>
    public override Tensor forward(Tensor hidden, DecoderContext context)
    {
        var attended = attending.Add(hidden, normed => attention.call(normed, context.Own)); // [row, decoder position, dModel]
        return thinking.Add(crossing.Add(attended, normed => cross.call(normed, context.Memory, context.Crossing)), mlp.call);
    }

    /// <summary>Registers nothing: the parts are registered above.</summary>
    protected override void RegisterComponents()
    {
    }
}

/// <summary>Makes what the blocks of a stack share.</summary>
internal static class T5Stack
{
    /// <summary>Registers the biases of a stack in the attention of its first block; null for any other.</summary>
    public static Embedding? BiasesIn(nn.Module attention, T5Settings settings, int layer, Weights weights)
    {
        if (layer > 0) return null;
        var biases = new Embedding(settings.Source.Size("relative_attention_num_buckets"), settings.HeadCount, weights);
        attention.register_module("relative_attention_bias", biases);
        return biases;
    }
}

/// <summary>Is a stack of T5: its blocks, the norm and the dropout behind them, under Hugging Face's names.</summary>
internal sealed class T5Stack<TBlock> : nn.Module
    where TBlock : nn.Module
{
    public T5Stack(T5Settings settings, int count, Func<int, TBlock> create, Weights weights)
        : base("T5Stack")
    {
        Blocks = nn.ModuleList([.. Enumerable.Range(0, count).Select(create)]);
        Norm = settings.CreateNorm(weights);
        Dropout = nn.Dropout(settings.Dropout);
        register_module("block", Blocks);
        register_module("final_layer_norm", Norm);
        register_module("dropout", Dropout);
    }

    public ModuleList<TBlock> Blocks { get; }

    public RmsNorm Norm { get; }

    public Dropout Dropout { get; }

    /// <summary>Ends the stack: [row, position, dModel].</summary>
    public Tensor End(Tensor hidden) => Dropout.call(Norm.call(hidden));

    /// <summary>Registers nothing: the parts are registered above.</summary>
    protected override void RegisterComponents()
    {
    }
}

/// <summary>Is T5: bare, with a head that gives a logit for every token, or its encoder alone.</summary>
/// <remarks>
/// Positions are known by their distances alone, so that texts may be padded on either side. Without tokens of the decoder they are the labels, moved one place
/// to the right behind the token that the configuration calls <c>decoder_start_token_id</c>. The loss is the mean cross entropy, labels of −100 left out.
/// </remarks>
internal sealed class T5Model : EncoderDecoderModel
{
    private readonly T5Settings settings;
    private readonly Embedding shared;
    private readonly T5Stack<T5EncoderBlock> encoder;
    private readonly T5Stack<T5DecoderBlock>? decoder;
    private readonly nn.Module<Tensor, Tensor>? lm_head;

    public T5Model(string name, ModelConfig config, Weights weights)
        : base(name, config)
    {
        settings = T5Settings.Read(config);
        shared = new Embedding(settings.VocabSize, settings.Width, weights);
        encoder = new(settings, settings.EncoderCount, layer => new T5EncoderBlock(settings, layer, weights), weights);
        HasDecoder = name != T5Architecture.Encoder;
        register_module(nameof(shared), shared);
        register_module(nameof(encoder), encoder);
        EncoderPaths = (PathsIn("encoder.block", settings.EncoderCount), "encoder.final_layer_norm");
        DecoderPaths = (PathsIn("decoder.block", settings.DecoderCount), "decoder");
        if (!HasDecoder) return;
        decoder = new(settings, settings.DecoderCount, layer => new T5DecoderBlock(settings, layer, weights), weights);
        register_module(nameof(decoder), decoder);
        if (name != T5Architecture.Generator) return;
        lm_head = config.Flag("tie_word_embeddings") ? new TiedLinear(shared) : new Linear(settings.Width, settings.VocabSize, hasBias: false, weights);
        register_module(nameof(lm_head), lm_head);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> BeginPaths => [];

    /// <inheritdoc/>
    public override IReadOnlyList<string> SharedPaths => ["shared", "encoder.dropout", "decoder.dropout"];

    internal override bool SelectsLogits => lm_head is not null;

    internal override long? ContextLength => null;

    internal override CheckpointLayout CheckpointLayout => new()
    {
        IsBare = lm_head is null,
        IgnoredStarts = HasDecoder ? [] : ["decoder."],
        IgnoredEndings = ["EncDecAttention.relative_attention_bias.weight"],
        Tied = new Dictionary<string, string>
        {
            ["encoder.embed_tokens.weight"] = "shared.weight", ["decoder.embed_tokens.weight"] = "shared.weight", ["lm_head.weight"] = "shared.weight",
        },
    };

    internal override bool HasDecoder { get; }

    internal override bool TakesPositionIds => false;

    private protected override (IReadOnlyList<string> Blocks, string End) EncoderPaths { get; }

    private protected override (IReadOnlyList<string> Blocks, string Stack) DecoderPaths { get; }

    /// <summary>Returns how far a parameter's initial values spread, as in transformers.</summary>
    internal override double InitialScale(string parameter)
    {
        var (width, heads) = ((double)settings.Width, (double)settings.HeadCount * settings.HeadWidth);
        var deviation = parameter switch
        {
            "shared.weight" or "lm_head.weight" => 1,
            _ when parameter.EndsWith(".q.weight", StringComparison.Ordinal) => 1 / Math.Sqrt(width * settings.HeadWidth),
            _ when parameter.EndsWith(".o.weight", StringComparison.Ordinal) => 1 / Math.Sqrt(heads),
            _ when parameter.EndsWith(".wo.weight", StringComparison.Ordinal) => 1 / Math.Sqrt(settings.InnerWidth),
            _ => 1 / Math.Sqrt(width),
        };
        return deviation * Config.Number("initializer_factor");
    }

    /// <inheritdoc/>
    internal override void CheckArguments(ModelInputs inputs)
    {
        var (layers, heads) = (settings.EncoderCount, settings.HeadCount);
        if (inputs.InputIds is not null || inputs.InputsEmbeds is not null || !HasDecoder)
        {
            InputCheck.Check(inputs with { Past = null }, settings.VocabSize, settings.Width, isEncoder: true);
        }
        else if (inputs.EncoderOutput is null && inputs.Past is null)
        {
            throw new ArgumentException("The encoder reads InputIds or InputsEmbeds, or EncoderOutput says what it made; none is given.", nameof(inputs));
        }

        if (inputs.PositionIds is not null || inputs.DecoderPositionIds is not null)
        {
            throw new ArgumentException("The model knows positions by their distances; leave PositionIds and DecoderPositionIds out.", nameof(inputs));
        }

        InputCheck.CheckHeadMask(inputs.HeadMask, nameof(inputs.HeadMask), layers, heads);
        if (!HasDecoder) return;
        InputCheck.CheckHeadMask(inputs.DecoderHeadMask, nameof(inputs.DecoderHeadMask), settings.DecoderCount, heads);
        InputCheck.CheckHeadMask(inputs.CrossAttentionHeadMask, nameof(inputs.CrossAttentionHeadMask), settings.DecoderCount, heads);
        var decoder = OfDecoder(Completed(inputs), inputs.Past);
        InputCheck.Check(decoder with { HeadMask = null }, settings.VocabSize, settings.Width, heads: heads, of: "Decoder");
        if (SelectsLogits) Losses.CheckTokenLabels(decoder, settings.VocabSize);
    }

    private protected override bool ReadsMemory(string path) =>
        path.EndsWith(".EncDecAttention.k", StringComparison.Ordinal) || path.EndsWith(".EncDecAttention.v", StringComparison.Ordinal);

    private protected override Tensor Read(ModelInputs inputs) => Embedded(inputs.InputsEmbeds, inputs.InputIds, encoder.Dropout);

    private protected override AttentionContext ReadingContext(ModelInputs inputs, Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var biases = Biases(encoder.Blocks[0].Biases!, seesLater: true).At(inputs, hidden, 0); // [1, head, query, key]
        using var open = ones([1, hidden.shape[1]], ScalarType.Int64, hidden.device); // [1, key]
        var mask = AttentionMask.OfKeys(inputs.AttentionMask ?? open, hidden.dtype, biases);
        return AttentionContext.ForEncoder(inputs, hidden, mask.HandOut(scope));
    }

    private protected override nn.Module<Tensor, AttentionContext, Tensor> EncoderBlock(int block) => encoder.Blocks[block];

    private protected override Tensor ReadEnd(Tensor hidden) => encoder.End(hidden);

    private protected override Tensor Write(ModelInputs inputs, long past) => Embedded(inputs.DecoderInputsEmbeds, inputs.DecoderInputIds, decoder!.Dropout);

    private protected override AttentionContext WritingContext(ModelInputs inputs, Tensor hidden) => AttentionContext.ForDecoder(
        inputs, hidden, new CausalRule(BlocksForGood: false, [null], Biases(decoder!.Blocks[0].Biases!, seesLater: false)), []);

    private protected override nn.Module<Tensor, DecoderContext, Tensor> DecoderBlock(int block) => decoder!.Blocks[block];

    private protected override Tensor WrittenEnd(Tensor hidden) => decoder!.End(hidden);

    private protected override Tensor? Logits(Tensor last) =>
        lm_head?.call(lm_head is TiedLinear ? last.mul(Scalars.Of(1 / Math.Sqrt(settings.Width))) : last);

    // [row, position, dModel]
    private Tensor Embedded(Tensor? embeds, Tensor? ids, Dropout dropout) => dropout.call(embeds ?? shared.call(ids!));

    private RelativeBiases Biases(Embedding table, bool seesLater) => new(
        table, Config.Size("relative_attention_num_buckets"), Config.Size("relative_attention_max_distance"), seesLater);

    /// <summary>Registers nothing: the parts are registered above.</summary>
    protected override void RegisterComponents()
    {
    }
}

/// <summary>Lists T5's classes. Source: Raffel et al., Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer, 2019.</summary>
internal static class T5Architecture
{
    public const string Generator = "T5ForConditionalGeneration";
    public const string Encoder = "T5EncoderModel";

    private const string ModelType = "t5";

    /// <summary>Gets what the models make of the fields of a configuration.</summary>
    public static ConfigTable Fields { get; } = new(
    [
        .. OfClassifiers,
        new("vocab_size", Size(Default("vocab_size"))),
        new("d_model", Size(Default("d_model"), Widest).Or("hidden_size")),
        new("d_kv", Size(Default("d_kv"), Widest).Or("head_dim")),
        new("d_ff", Size(Default("d_ff"), WidestInside)),
        new("num_layers", Size(Default("num_layers"), MostLayers).Or("num_hidden_layers")),
        new("num_decoder_layers", Size(null, MostLayers).OrNull),
        new("num_heads", Size(Default("num_heads"), Widest).Or("num_attention_heads")),
        new("relative_attention_num_buckets", Whole(32, 4, Widest)),
        new("relative_attention_max_distance", Size(128)),
        new("dropout_rate", Probability(0.1)),
        new("layer_norm_epsilon", Epsilon(1e-6)),
        new("feed_forward_proj", Choice("relu", [.. Activations.Names.SelectMany(name => new[] { name, "gated-" + name })])),
        new("dense_act_fn", Activation(null)),
        new("is_gated_act", Flag()),
        new("initializer_factor", Number(1, 0, 1000)),
        new("initializer_range", Unsaid(1)),
        new("tie_word_embeddings", Flag(true)),
        new("is_encoder_decoder", Flag(true)),
        new("decoder_start_token_id", Whole().OrNull),
        new("pad_token_id", Whole(0).OrNull),
        new("n_positions", Unsaid(null)), // distances have no bound
    ], "output_past", "classifier_dropout") { LayerField = "num_layers" };

    /// <summary>Returns the classes that can be built.</summary>
    public static IEnumerable<ModelClass> Classes() => new[] { "T5Model", Generator, Encoder }
        .Select(name => new ModelClass(name, ModelType, Fields, (config, weights) => new T5Model(name, config, weights)));

    private static long? Default(string field) => ArchitectureDescriptor.DefaultOf(ModelType, field);
}
