// Reproduces transformers 4.57.6, models/clip/modeling_clip.py, with eager attention's numbers.
using System.Text.Json;
using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Descriptors.Reading;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp;
using TorchSharp.Modules;
using static Pyvene.Typed.Models.Fields.CommonFields;
using static Pyvene.Typed.Models.Fields.FieldRule;
using static TorchSharp.torch;
using Conv2d = Pyvene.Typed.Models.Layers.Conv2d;
using Embedding = Pyvene.Typed.Models.Layers.Embedding;
using Linear = Pyvene.Typed.Models.Layers.Linear;
using Norm = Pyvene.Typed.Models.Layers.LayerNorm;

namespace Pyvene.Typed.Models;

/// <summary>Adds the embeddings of tokens and of their positions.</summary>
internal sealed class CLIPTextEmbeddings : nn.Module<ModelInputs, Tensor>
{
    private readonly Embedding token_embedding;
    private readonly Embedding position_embedding;

    public CLIPTextEmbeddings(EncoderSettings settings, Weights weights)
        : base(nameof(CLIPTextEmbeddings))
    {
        token_embedding = new Embedding(settings.VocabSize, settings.Width, weights);
        position_embedding = new Embedding(settings.PositionCount!.Value, settings.Width, weights);
        RegisterComponents();
    }

    /// <summary>Returns the residual stream before the first block: [row, position, dModel].</summary>
    public override Tensor forward(ModelInputs inputs)
    {
        using var scope = NewDisposeScope();
        var ids = inputs.InputIds!;
        var places = inputs.PositionIds ?? CLIPArchitecture.CountTo(ids.shape[1], ids.device); // [row or 1, position]
        return scope.HandOut(token_embedding.call(ids).add(position_embedding.call(places), Scalars.Of(1)));
    }
}

/// <summary>Puts the class token before the patches of a picture and adds the embeddings of their places.</summary>
internal sealed class CLIPVisionEmbeddings : nn.Module<ModelInputs, Tensor>
{
    private readonly Parameter class_embedding; // [dModel]
    private readonly Conv2d patch_embedding;
    private readonly Embedding position_embedding; // of the class token and the patches
    private readonly long patchSize;

    public CLIPVisionEmbeddings(PictureSettings picture, EncoderSettings settings, Weights weights)
        : base(nameof(CLIPVisionEmbeddings))
    {
        patchSize = picture.PatchSize;
        class_embedding = weights.Unfilled(settings.Width);
        patch_embedding = Conv2d.OfPatches(picture.ChannelCount, settings.Width, patchSize, weights, hasBias: false);
        position_embedding = new Embedding(1 + picture.PatchCount, settings.Width, weights);
        RegisterComponents();
    }

    /// <summary>Returns what the first norm reads: [row, 1 + patch, dModel].</summary>
    public override Tensor forward(ModelInputs inputs)
    {
        using var scope = NewDisposeScope();
        var pixels = inputs.PixelValues!.to(class_embedding.dtype);
        var patches = patch_embedding.call(pixels).flatten(2).transpose(1, 2); // [row, patch, dModel]
        var all = cat([class_embedding.expand(pixels.shape[0], 1, -1), patches], 1); // [row, 1 + patch, dModel]
        var places = PatchPositions.AreKnown(position_embedding.weight, pixels, patchSize)
            ? position_embedding.call(CLIPArchitecture.CountTo(all.shape[1], pixels.device)) // [1, 1 + patch, dModel]
            : PatchPositions.For(position_embedding.weight, pixels, patchSize); // [1 + patch, dModel]
        return scope.HandOut(all.add(places, Scalars.Of(1)));
    }
}

/// <summary>Is one of the blocks of both towers: attention and MLP, each behind a norm and added to the residual stream.</summary>
internal sealed class CLIPEncoderLayer : nn.Module<Tensor, AttentionContext, Tensor>
{
    private static readonly AttentionParts Parts = new() { Output = "out_proj" };

    private readonly Norm layer_norm1;
    private readonly EncoderSelfAttention self_attn;
    private readonly Norm layer_norm2;
    private readonly Chain mlp;

    public CLIPEncoderLayer(EncoderSettings settings, int layer, Weights weights)
        : base(nameof(CLIPEncoderLayer))
    {
        layer_norm1 = settings.CreateNorm(weights);
        self_attn = new EncoderSelfAttention(settings, layer, weights, Parts, hasOutput: true);
        layer_norm2 = settings.CreateNorm(weights);
        mlp = new Chain(
            ("fc1", settings.CreateLinear(settings.InnerWidth, weights)),
            ("activation_fn", settings.CreateActivation()),
            ("fc2", new Linear(settings.InnerWidth, settings.Width, hasBias: true, weights)));
        RegisterComponents();
    }

    /// <summary>Moves the residual stream [row, position, dModel] behind this block.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context)
    {
        var middle = self_attn.call(layer_norm1.call(hidden), context).add(hidden, Scalars.Of(1)); // [row, position, dModel]
        return mlp.call(layer_norm2.call(middle)).add(middle, Scalars.Of(1)); // [row, position, dModel]
    }
}

/// <summary>Is the tower of texts, in which a token sees no later one; its last hidden state is behind its norm.</summary>
internal sealed class CLIPTextTransformer : TowerBody
{
    // Files that say so are of models whose last token has another id, the largest one: as transformers reads them.
    private const long UnsaidEnd = 2;

    private readonly Norm final_layer_norm;
    private readonly long end; // the id of the token that ends a text

    public CLIPTextTransformer(ModelConfig config, EncoderSettings settings, Weights weights)
        : base(
            nameof(CLIPTextTransformer), config, settings, new CLIPTextEmbeddings(settings, weights),
            Enumerable.Range(0, settings.LayerCount).Select(layer => new CLIPEncoderLayer(settings, layer, weights)), "layers")
    {
        end = config.Size("eos_token_id");
        final_layer_norm = settings.CreateNorm(weights);
        register_module(nameof(final_layer_norm), final_layer_norm);
    }

    /// <inheritdoc/>
    internal override CheckpointLayout LayoutOf(bool isBare) => CheckpointLayout.Plain;

    /// <inheritdoc/>
    internal override Tensor Normalize(Tensor hidden) => final_layer_norm.call(hidden);

    // A text is summarised in the token that ends it, or, where none does, in its first, as in transformers.
    private protected override (Tensor Last, Tensor? Pooled) End(ModelInputs inputs, Tensor hidden)
    {
        var last = final_layer_norm.call(hidden); // [row, position, dModel]
        var ids = inputs.InputIds!;
        var at = (end == UnsaidEnd ? ids : ids.eq(Scalars.Of(end))).to(int32).argmax(-1); // [row]
        return (last, last.gather(1, at.view(-1, 1, 1).expand(-1, 1, last.shape[2])).squeeze(1));
    }

    private protected override void CheckInputs(ModelInputs inputs)
    {
        InputCheck.Check(inputs, Settings.VocabSize, Settings.Width, Settings.PositionCount, heads: Settings.HeadCount);
        if (inputs.InputIds is { } ids && ids.shape[1] > Settings.PositionCount)
        {
            throw new ArgumentException(
                $"The tower of texts knows {Settings.PositionCount} positions, but the input has {ids.shape[1]}. Shorten it.", nameof(inputs));
        }

        if (inputs.AttentionMask is { ndim: not 2 } mask)
        {
            throw new ArgumentException(
                $"AttentionMask must have the shape [batch, position] (1 = real, 0 = padding), but has [{string.Join(", ", mask.shape)}].", nameof(inputs));
        }
    }

    private protected override AttentionContext CreateContext(ModelInputs inputs, Tensor hidden)
    {
        if (inputs.AttentionMask is not { } given || (!given.is_meta && !given.eq(Scalars.Of(0)).any().IsTrue()))
        {
            return AttentionContext.ForEncoder(inputs, hidden, new AttentionMask(null, IsCausal: hidden.shape[1] > 1));
        }

        // transformers adds the lowest number for padding and once more for what comes later; a query that sees nothing leaves out keys that are both
        using var scope = NewDisposeScope();
        var later = ones([hidden.shape[1], hidden.shape[1]], ScalarType.Bool, hidden.device).triu(1); // [query, key]
        var padding = given.eq(Scalars.Of(0)).unsqueeze(1).unsqueeze(1); // [row, 1, 1, key]
        var mask = AttentionMask.Of(padding.bitwise_or(later), padding.bitwise_and(later), null, hidden.dtype);
        return AttentionContext.ForEncoder(inputs, hidden, mask.HandOut(scope));
    }
}

/// <summary>Is the tower of pictures; its last hidden state is before its norm, which the class token alone goes through.</summary>
internal sealed class CLIPVisionTransformer : TowerBody
{
    private readonly PictureSettings picture;
    private readonly Norm pre_layrnorm;
    private readonly Norm post_layernorm;

    public CLIPVisionTransformer(ModelConfig config, EncoderSettings settings, PictureSettings picture, Weights weights)
        : base(
            nameof(CLIPVisionTransformer), config, settings, new CLIPVisionEmbeddings(picture, settings, weights),
            Enumerable.Range(0, settings.LayerCount).Select(layer => new CLIPEncoderLayer(settings, layer, weights)), "layers")
    {
        this.picture = picture;
        pre_layrnorm = settings.CreateNorm(weights);
        post_layernorm = settings.CreateNorm(weights);
        register_module(nameof(pre_layrnorm), pre_layrnorm); // transformers' spelling
        register_module(nameof(post_layernorm), post_layernorm);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> BeginPaths => [.. base.BeginPaths, nameof(pre_layrnorm)];

    /// <inheritdoc/>
    internal override string PositionAxisOf(string path) => Axes.Patch;

    /// <inheritdoc/>
    internal override CheckpointLayout LayoutOf(bool isBare) => CheckpointLayout.Plain;

    /// <inheritdoc/>
    internal override Tensor Normalize(Tensor hidden) => post_layernorm.call(hidden);

    private protected override Tensor Embedded(Tensor embeddings) => pre_layrnorm.call(embeddings);

    private protected override (Tensor Last, Tensor? Pooled) End(ModelInputs inputs, Tensor hidden) =>
        (hidden.alias(), post_layernorm.call(hidden.select(1, 0)));

    private protected override void CheckInputs(ModelInputs inputs)
    {
        PictureCheck.Check(inputs, picture.ChannelCount);
        PictureCheck.CheckSize(inputs, picture.Size, picture.PatchSize);
    }
}

/// <summary>
/// Is CLIP: a tower of texts and one of pictures, and how well every text fits every picture: Hugging Face's <c>CLIPModel</c> (Radford et al., Learning
/// Transferable Visual Models From Natural Language Supervision, 2021). With the inputs of one tower alone, that tower runs alone.
/// </summary>
internal sealed class CLIPModel : TowersModel
{
    private const string Single = "single_label_classification"; // a text's own picture among all

    private static readonly InputField[] Read = [InputField.InputIds, InputField.AttentionMask, InputField.PositionIds, InputField.PixelValues];

    private readonly CLIPTextTransformer text_model;
    private readonly CLIPVisionTransformer vision_model;
    private readonly Linear visual_projection;
    private readonly Linear text_projection;
    private readonly Parameter logit_scale; // [], the logarithm of what cosines are multiplied with
    private readonly EncoderSettings texts;
    private readonly EncoderSettings pictures;

    public CLIPModel(ModelConfig config, Weights weights)
        : base(nameof(CLIPModel), config)
    {
        var (text, vision) = (CLIPArchitecture.Section(config, CLIPArchitecture.Text), CLIPArchitecture.Section(config, CLIPArchitecture.Vision));
        (texts, pictures) = (EncoderSettings.Read(text), EncoderSettings.Read(vision));
        text_model = new CLIPTextTransformer(text, texts, weights);
        vision_model = new CLIPVisionTransformer(vision, pictures, PictureSettings.Read(vision), weights);
        visual_projection = new Linear(pictures.Width, config.Size("projection_dim"), hasBias: false, weights);
        text_projection = new Linear(texts.Width, config.Size("projection_dim"), hasBias: false, weights);
        logit_scale = weights.Unfilled();
        Towers =
        [
            new(nameof(text_model), text_model, "final_layer_norm", nameof(text_projection), text_projection, OfText),
            new(nameof(vision_model), vision_model, "post_layernorm", nameof(visual_projection), visual_projection, OfPictures),
        ];
        RegisterComponents();
    }

    /// <inheritdoc/>
    internal override IReadOnlyList<Tower> Towers { get; }

    internal override CheckpointLayout CheckpointLayout { get; } = new() { IgnoredEndings = ["embeddings.position_ids"] };

    internal override long? ContextLength => texts.PositionCount;

    /// <inheritdoc/>
    internal override string PositionAxisOf(string path) =>
        path.Split('.')[0] is nameof(vision_model) or nameof(visual_projection) ? Axes.Patch : Axes.Position;

    /// <summary>Compares texts with pictures.</summary>
    /// <returns>
    /// The logits, [picture, text], and by their names <c>logits_per_image</c>, <c>logits_per_text</c>, <c>text_embeds</c>, <c>image_embeds</c>, and
    /// <c>text_features</c> and <c>image_features</c>, which are not yet of length 1; the parts are <c>text</c> and <c>vision</c>.
    /// </returns>
    private protected override ModelOutput Finish(TowersPass pass)
    {
        var (parts, named) = (new Dictionary<string, ModelOutput>(), new Dictionary<string, Tensor>());
        Add(Towers[0], "text", "text");
        Add(Towers[1], "vision", "image");
        if (parts.Count < 2) return new ModelOutput { Named = named, Parts = parts };
        var (texts, pictures, scale) = (named["text_embeds"], named["image_embeds"], logit_scale.exp());
        var (perText, perPicture) = pass.Runs is { Count: > 1 and var runs }
            ? (InRuns(texts, pictures, runs), InRuns(pictures, texts, runs))
            : texts.matmul(pictures.t()).mul(scale) is var all ? (all, all.t()) : default; // [text, picture], [picture, text]
        (named["logits_per_image"], named["logits_per_text"]) = (perPicture, perText);
        return new ModelOutput { Logits = perPicture.alias(), Loss = pass.Inputs.ReturnLoss ? Loss(perText) : null, Named = named, Parts = parts };

        // Of runs that stand one under the other, each row is compared with those of its own run: [row, row of the run].
        Tensor InRuns(Tensor these, Tensor those, int runs) =>
            these.unflatten(0, [runs, -1]).matmul(those.unflatten(0, [runs, -1]).transpose(1, 2)).mul(scale).flatten(0, 1);

        void Add(Tower tower, string part, string name)
        {
            if (pass[tower] is not { } own) return;
            parts[part] = own.Output!.Select(tensor => tensor.alias());
            var features = named[$"{name}_features"] = own.Features!.alias(); // [row, dProjection]
            named[$"{name}_embeds"] = features.div(features.pow(Scalars.Of(2)).sum([-1], keepdim: true).pow(Scalars.Of(0.5))); // [row, dProjection]
        }
    }

    /// <inheritdoc/>
    internal override void CheckArguments(ModelInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (InputField.All.FirstOrDefault(field => inputs[field] is not null && !Read.Contains(field)) is { } other)
        {
            var hint = other.IsTarget ? "; ReturnLoss asks for the loss" : "";
            throw new ArgumentException(
                $"CLIP takes InputIds with AttentionMask and PositionIds, and PixelValues, but no {other.Property}{hint}. Leave it out.", nameof(inputs));
        }

        if (inputs.Past is not null) throw new ArgumentException("CLIP goes on from no state; leave Past out.", nameof(inputs));
        if (inputs.InputIds is null && (inputs.PixelValues is null || inputs.AttentionMask is not null || inputs.PositionIds is not null))
        {
            throw new ArgumentException(
                inputs.PixelValues is null
                    ? "CLIP reads texts, InputIds, or pictures, PixelValues, or both; neither is given."
                    : "AttentionMask and PositionIds are those of InputIds, which are not given. Give them, or leave both out.",
                nameof(inputs));
        }

        if (OfText(inputs) is { } ofText) text_model.CheckArguments(ofText);
        if (OfPictures(inputs) is { } ofPictures) vision_model.CheckArguments(ofPictures);
        if (inputs.ReturnLoss && inputs.InputIds?.shape[0] != inputs.PixelValues?.shape[0])
        {
            throw new ArgumentException(
                $"ReturnLoss compares text by text with picture by picture, so there must be as many of both, but there are {inputs.InputIds?.shape[0] ?? 0} "
                    + $"texts and {inputs.PixelValues?.shape[0] ?? 0} pictures.", nameof(inputs));
        }
    }

    internal override bool Draws(string parameter, long axes) =>
        base.Draws(parameter, axes) || parameter.EndsWith("class_embedding", StringComparison.Ordinal);

    internal override Tensor? InitialValue(string parameter) =>
        parameter == nameof(logit_scale) ? tensor(Config.Number("logit_scale_init_value"), float32) : null;

    /// <summary>Returns how far a parameter's initial values spread, as in transformers.</summary>
    internal override double InitialScale(string parameter)
    {
        var settings = parameter.StartsWith("text", StringComparison.Ordinal) ? texts : pictures;
        var (width, name) = ((double)settings.Width, parameter.Split('.'));
        var factor = name[0].EndsWith("projection", StringComparison.Ordinal) ? 1 : settings.Source.Number("initializer_factor");
        return factor * (name is [.., var part, "weight"] ? part : name[^1]) switch
        {
            "q_proj" or "k_proj" or "v_proj" or "fc2" => 1 / Math.Sqrt(width * 2 * settings.LayerCount),
            "fc1" => 1 / Math.Sqrt(2 * width),
            "out_proj" or "text_projection" or "visual_projection" or "class_embedding" => 1 / Math.Sqrt(width),
            _ when settings == texts => 0.02,
            _ => settings.Source.Number("initializer_range"),
        };
    }

    private static ModelInputs? OfText(ModelInputs inputs) => inputs.InputIds is null ? null : new()
    {
        InputIds = inputs.InputIds, AttentionMask = inputs.AttentionMask, PositionIds = inputs.PositionIds,
        OutputHiddenStates = inputs.OutputHiddenStates, OutputAttentions = inputs.OutputAttentions, OutputRouterLogits = inputs.OutputRouterLogits,
    };

    private static ModelInputs? OfPictures(ModelInputs inputs) => inputs.PixelValues is null ? null : new()
    {
        PixelValues = inputs.PixelValues, InterpolatesPositions = inputs.InterpolatesPositions,
        OutputHiddenStates = inputs.OutputHiddenStates, OutputAttentions = inputs.OutputAttentions,
    };

    // [], the mean of how surprising each text's own picture and each picture's own text are.
    private static Tensor Loss(Tensor perText)
    {
        var own = CLIPArchitecture.CountTo(perText.shape[0], perText.device).squeeze(0); // [text]
        return Losses.Classification(perText, own, Single).add(Losses.Classification(perText.t(), own, Single), Scalars.Of(1)).div(Scalars.Of(2));
    }
}

/// <summary>Lists the CLIP models.</summary>
internal static class CLIPArchitecture
{
    /// <summary>The field of the configuration of the tower of texts.</summary>
    public const string Text = "text_config";

    /// <summary>The field of the configuration of the tower of pictures.</summary>
    public const string Vision = "vision_config";

    private const string ModelType = "clip";

    // What the numbers of a tower, or the sizes of its description, depend on.
    private static readonly string[] Compared =
    [
        "vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "max_position_embeddings", "hidden_act", "layer_norm_eps",
        "image_size", "patch_size", "num_channels",
    ];

    /// <summary>Gets what the models make of the fields of a configuration.</summary>
    public static ConfigTable Fields { get; } = new(
        [
            new("projection_dim", Size(ArchitectureDescriptor.DefaultOf(ModelType, "projection_dim"), Widest)),
            new("logit_scale_init_value", Number(2.6592, -100, 100)),
            new("initializer_range", Unsaid(1)), // the deviations are those of InitialScale
            new(Text + "_dict", Object().OrNull),
            new(Vision + "_dict", Object().OrNull),
        ],
        "initializer_factor", "num_hidden_layers", "hidden_size")
    {
        Sections = new Dictionary<string, ConfigTable>
        {
            [Text] = Tower(
                Text,
                new("vocab_size", Size(Default(Text, "vocab_size"))),
                new("max_position_embeddings", Size(Default(Text, "max_position_embeddings"), Widest)),
                new("eos_token_id", Whole(49407, 0))),
            [Vision] = Tower(
                Vision,
                new("image_size", Size(Default(Vision, "image_size"), Widest)),
                new("patch_size", Size(Default(Vision, "patch_size"), Widest)),
                new("num_channels", Size(3, Widest))),
        },
    };

    /// <summary>Returns the classes that can be built.</summary>
    public static IEnumerable<ModelClass> Classes() => [new(nameof(CLIPModel), ModelType, Fields, (config, weights) => new CLIPModel(config, weights))];

    /// <summary>
    /// Returns the configuration of a tower. Old files have a second one, which transformers follows with its defaults for all that it leaves out.
    /// </summary>
    /// <param name="config">The configuration, which its table has checked and completed.</param>
    /// <param name="field">The field of the tower's.</param>
    /// <exception cref="CheckpointException">Both are there and differ in a size or a choice.</exception>
    public static ModelConfig Section(ModelConfig config, string field)
    {
        var (section, second) = (Fields.Section(config, field), field + "_dict");
        if (config.GetElement(second) is not { ValueKind: JsonValueKind.Object }) return section;
        var followed = Fields.Sections[field].Read(config.Section(second));
        return Compared.FirstOrDefault(name => followed.GetElement(name) is { } value && !JsonElement.DeepEquals(value, section.GetElement(name)!.Value))
            is not { } other ? followed : throw new CheckpointException(
                config.Origin, $"'{field}.{other}' is {Excerpt.Of(section.GetElement(other)!.Value)}, but '{second}', which transformers follows, means "
                    + $"{Excerpt.Of(followed.GetElement(other)!.Value)}. Make them agree, or remove '{second}'.");
    }

    /// <summary>Returns the whole numbers below one: int64 [1, count].</summary>
    public static Tensor CountTo(long count, Device device) => arange(Scalars.Of(0), Scalars.Of(count), Scalars.Of(1), int64, device).unsqueeze(0);

    private static ConfigTable Tower(string section, params IEnumerable<KeyValuePair<string, FieldRule>> own) => new(
        [
            new("hidden_size", Size(Default(section, "hidden_size"), Widest)),
            new("num_hidden_layers", Size(Default(section, "num_hidden_layers"), MostLayers)),
            new("num_attention_heads", Size(Default(section, "num_attention_heads"), Widest)),
            new("intermediate_size", Size(Default(section, "intermediate_size"), Widest)),
            new("hidden_act", Activation("quick_gelu")),
            new("layer_norm_eps", Epsilon(1e-5)),
            new("hidden_dropout_prob", Unsaid(0)), // there is none
            new("attention_probs_dropout_prob", Probability(0).Under("attention_dropout")),
            new("initializer_factor", Number(1, 0, 1000)),
            .. own,
        ],
        "projection_dim", "dropout")
    { LayerField = "num_hidden_layers" };

    private static long? Default(string section, string field) => ArchitectureDescriptor.DefaultOf(ModelType, $"{section}.{field}");
}
