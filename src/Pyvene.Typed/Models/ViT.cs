// Reproduces transformers 4.57.6, models/vit/modeling_vit.py, with eager attention's numbers.
using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Descriptors.Reading;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static Pyvene.Typed.Models.Fields.CommonFields;
using static Pyvene.Typed.Models.Fields.FieldRule;
using static TorchSharp.torch;
using Conv2d = Pyvene.Typed.Models.Layers.Conv2d;
using Linear = Pyvene.Typed.Models.Layers.Linear;
using Norm = Pyvene.Typed.Models.Layers.LayerNorm;

namespace Pyvene.Typed.Models;

/// <summary>Maps the patches of a picture to vectors.</summary>
internal sealed class ViTPatchEmbeddings : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d projection;

    public ViTPatchEmbeddings(PictureSettings picture, long width, Weights weights)
        : base(nameof(ViTPatchEmbeddings))
    {
        projection = Conv2d.OfPatches(picture.ChannelCount, width, picture.PatchSize, weights, hasBias: true);
        RegisterComponents();
    }

    /// <summary>Maps [batch, channel, height, width] to [batch, patch, dModel], row by row.</summary>
    public override Tensor forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return scope.HandOut(projection.call(pixels).flatten(2).transpose(1, 2));
    }
}

/// <summary>Puts the class token before the patches of a picture and adds the embeddings of their places.</summary>
internal sealed class ViTEmbeddings : nn.Module<ModelInputs, Tensor>
{
    private readonly Parameter cls_token; // [1, 1, dModel]
    private readonly Parameter position_embeddings; // [1, 1 + patch, dModel]
    private readonly ViTPatchEmbeddings patch_embeddings;
    private readonly Dropout dropout;
    private readonly long patchSize;

    public ViTEmbeddings(PictureSettings picture, EncoderSettings settings, Weights weights)
        : base(nameof(ViTEmbeddings))
    {
        patchSize = picture.PatchSize;
        cls_token = weights.Unfilled(1, 1, settings.Width);
        position_embeddings = weights.Unfilled(1, 1 + picture.PatchCount, settings.Width);
        patch_embeddings = new ViTPatchEmbeddings(picture, settings.Width, weights);
        dropout = nn.Dropout(settings.HiddenDropout);
        RegisterComponents();
    }

    /// <summary>Returns the residual stream before the first block: [batch, 1 + patch, dModel].</summary>
    public override Tensor forward(ModelInputs inputs)
    {
        using var scope = NewDisposeScope();
        var pixels = inputs.PixelValues!.to(cls_token.dtype);
        var patches = patch_embeddings.call(pixels); // [batch, patch, dModel]
        var all = cat([cls_token.expand(pixels.shape[0], -1, -1), patches], 1); // [batch, 1 + patch, dModel]
        var places = PatchPositions.For(position_embeddings.squeeze(0), pixels, patchSize); // [1 + patch, dModel]
        return scope.HandOut(dropout.call(all.add(places, Scalars.Of(1))));
    }
}

/// <summary>Is the first half of a ViT block: self-attention and its projection, without the residual stream.</summary>
internal sealed class ViTAttention : nn.Module<Tensor, AttentionContext, Tensor>
{
    private static readonly AttentionParts Parts = BertAttention.Parts with { Weights = "attn_weights" };

    private readonly EncoderSelfAttention attention;
    private readonly Chain output;

    public ViTAttention(EncoderSettings settings, int layer, Weights weights)
        : base(nameof(ViTAttention))
    {
        attention = new EncoderSelfAttention(settings, layer, weights, Parts, hasOutput: false);
        output = new Chain(("dense", settings.CreateLinear(settings.Width, weights)), ("dropout", nn.Dropout(settings.HiddenDropout)));
        RegisterComponents();
    }

    /// <summary>Maps the normed residual stream to what attention adds to it, both [row, patch, dModel].</summary>
    public override Tensor forward(Tensor normed, AttentionContext context) => output.call(attention.call(normed, context));
}

/// <summary>Is one of ViT's blocks: attention and MLP, each behind a norm and added to the residual stream.</summary>
internal sealed class ViTLayer : nn.Module<Tensor, AttentionContext, Tensor>
{
    private readonly ViTAttention attention;
    private readonly Chain intermediate;
    private readonly BertOutput output;
    private readonly Norm layernorm_before;
    private readonly Norm layernorm_after;

    public ViTLayer(EncoderSettings settings, int layer, Weights weights)
        : base(nameof(ViTLayer))
    {
        attention = new ViTAttention(settings, layer, weights);
        intermediate = BertLayer.Intermediate(settings, weights);
        output = new BertOutput(settings.InnerWidth, settings, weights, hasNorm: false);
        layernorm_before = settings.CreateNorm(weights);
        layernorm_after = settings.CreateNorm(weights);
        RegisterComponents();
    }

    /// <summary>Moves the residual stream [row, patch, dModel] behind this block.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context)
    {
        var middle = attention.call(layernorm_before.call(hidden), context).add(hidden, Scalars.Of(1)); // [row, patch, dModel]
        return output.call(intermediate.call(layernorm_after.call(middle)), middle); // [row, patch, dModel]
    }
}

/// <summary>Is ViT without a head: Hugging Face's <c>ViTModel</c> (Dosovitskiy et al., An Image is Worth 16x16 Words, 2020).</summary>
internal sealed class ViTModel : TowerBody
{
    private const string PoolerName = "pooler";

    private readonly PictureSettings picture;
    private readonly Norm layernorm;
    private readonly Chain? pooler;

    public ViTModel(ModelConfig config, Weights weights, bool hasPooler)
        : this(config, PictureSettings.Read(config), ViTArchitecture.Read(config), weights, hasPooler)
    {
    }

    private ViTModel(ModelConfig config, PictureSettings picture, EncoderSettings settings, Weights weights, bool hasPooler)
        : base(
            nameof(ViTModel), config, settings, new ViTEmbeddings(picture, settings, weights),
            Enumerable.Range(0, settings.LayerCount).Select(layer => new ViTLayer(settings, layer, weights)), "layer")
    {
        this.picture = picture;
        layernorm = settings.CreateNorm(weights);
        register_module(nameof(layernorm), layernorm);
        if (hasPooler && weights.Have(PoolerName))
        {
            pooler = new Chain(
                ("first", new FirstPosition()),
                ("dense", settings.CreateLinear(config.GetInteger("pooler_output_size") ?? settings.Width, weights)),
                ("activation", Activations.Create(config.Text("pooler_act"), config)));
            register_module(PoolerName, pooler);
        }
    }

    /// <inheritdoc/>
    internal override string PositionAxisOf(string path) => Axes.Patch;

    /// <inheritdoc/>
    internal override CheckpointLayout LayoutOf(bool isBare) => new()
    {
        BasePrefix = "vit.",
        IsBare = isBare,
        // pictures whose patches are masked are not among the inputs
        IgnoredEndings = ["embeddings.mask_token", .. pooler is null ? new[] { "pooler.dense.weight", "pooler.dense.bias" } : []],
    };

    /// <inheritdoc/>
    internal override Tensor Normalize(Tensor hidden) => layernorm.call(hidden);

    private protected override (Tensor Last, Tensor? Pooled) End(ModelInputs inputs, Tensor hidden)
    {
        var last = layernorm.call(hidden); // [row, patch, dModel]
        return (last, pooler?.call(last));
    }

    private protected override void CheckInputs(ModelInputs inputs)
    {
        PictureCheck.Check(inputs, picture.ChannelCount, InputField.HeadMask);
        PictureCheck.CheckSize(inputs, picture.Size, picture.PatchSize);
        InputCheck.CheckHeadMask(inputs.HeadMask, nameof(inputs.HeadMask), Settings.LayerCount, Settings.HeadCount);
    }
}

/// <summary>Is ViT as a classifier of pictures, which reads the class token: Hugging Face's <c>ViTForImageClassification</c>.</summary>
internal sealed class ViTForImageClassification : HeadedModel
{
    private readonly Linear classifier;

    public ViTForImageClassification(ModelConfig config, Weights weights)
        : base(nameof(ViTForImageClassification), new ViTModel(config, weights, hasPooler: false), "vit")
    {
        classifier = new Linear(Body.Width, config.LabelCount, hasBias: true, weights);
        register_module(nameof(classifier), classifier);
    }

    private protected override ModelOutput Finish(TextPass pass)
    {
        var logits = classifier.call(Body.Normalize(pass.Hidden).select(1, 0)); // [row, label]
        var loss = pass.Inputs.Labels is { } labels ? Losses.Classification(logits, labels, Config.GetString("problem_type")) : null;
        return TextBody.Output(pass, pass.Hidden, new ModelOutput { Logits = logits, Loss = loss });
    }
}

/// <summary>Lists the ViT models.</summary>
internal static class ViTArchitecture
{
    private const string ModelType = "vit";

    /// <summary>Gets what the models make of the fields of a configuration.</summary>
    public static ConfigTable Fields { get; } = new(
        [
            .. OfClassifiers,
            new("hidden_size", Size(Default("hidden_size"), Widest)),
            new("num_hidden_layers", Size(Default("num_hidden_layers"), MostLayers)),
            new("num_attention_heads", Size(Default("num_attention_heads"), Widest)),
            new("intermediate_size", Size(Default("intermediate_size"), Widest)),
            new("hidden_act", Activation("gelu")),
            new("layer_norm_eps", Epsilon(1e-12)),
            new("hidden_dropout_prob", Probability(0)),
            new("attention_probs_dropout_prob", Probability(0)),
            new("image_size", Size(Default("image_size"), Widest)),
            new("patch_size", Size(Default("patch_size"), Widest)),
            new("num_channels", Size(3, Widest)),
            new("qkv_bias", Flag(true)),
            new("pooler_output_size", Size(null, Widest).OrNull),
            new("pooler_act", Activation("tanh")),
        ],
        "encoder_stride")
    { LayerField = "num_hidden_layers" };

    /// <summary>Returns the classes that can be built.</summary>
    public static IEnumerable<ModelClass> Classes() =>
    [
        new(nameof(ViTModel), ModelType, Fields, (config, weights) => new ViTModel(config, weights, hasPooler: true)),
        new(nameof(ViTForImageClassification), ModelType, Fields, (config, weights) => new ViTForImageClassification(config, weights)),
    ];

    /// <summary>Reads the sizes and choices of the encoder.</summary>
    /// <exception cref="CheckpointException">The heads do not divide the width.</exception>
    public static EncoderSettings Read(ModelConfig config) => EncoderSettings.Read(config) with { HasMapBias = config.Flag("qkv_bias") };

    private static long? Default(string field) => ArchitectureDescriptor.DefaultOf(ModelType, field);
}
