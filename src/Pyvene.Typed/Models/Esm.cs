// Reproduces transformers 4.57.6, models/esm/modeling_esm.py, with eager attention's numbers.
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp;
using static Pyvene.Typed.Models.Fields.FieldRule;
using static TorchSharp.torch;
using Embedding = Pyvene.Typed.Models.Layers.Embedding;
using Norm = Pyvene.Typed.Models.Layers.LayerNorm;

namespace Pyvene.Typed.Models;

/// <summary>Embeds amino acids: masked ones as 0, the others larger for it, plus positions where these are learnt; normed where there is a norm.</summary>
internal sealed class EsmEmbeddings : nn.Module<ModelInputs, Tensor>
{
    // What is masked of 15 % of the tokens in training.
    private const double MaskedInTraining = 0.15 * 0.8;

    private readonly EncoderSettings settings;
    private readonly long? maskToken;
    private readonly Func<Tensor, Tensor> embed;
    private readonly Embedding? position_embeddings;
    private readonly Norm? layer_norm;

    public EsmEmbeddings(EncoderSettings settings, EncoderParts parts, Embedding tokens, Weights weights)
        : base(nameof(EsmEmbeddings))
    {
        this.settings = settings;
        embed = tokens.call;
        maskToken = settings.Source.Flag("token_dropout") ? settings.Source.GetInteger("mask_token_id") : null;
        position_embeddings = settings.PositionCount is { } count ? new Embedding(count, settings.Width, weights) : null;
        layer_norm = settings.Source.GetBoolean("emb_layer_norm_before") == true ? settings.CreateNorm(weights) : null;
        RegisterComponents();
        register_module(parts.Tokens, tokens);
    }

    /// <summary>Returns the residual stream before the first block, [batch, position, dModel]; embeddings that are given are it, as in transformers.</summary>
    public override Tensor forward(ModelInputs inputs)
    {
        using var scope = NewDisposeScope();
        if (inputs.InputsEmbeds is { } given)
        {
            return scope.HandOut(given.alias());
        }

        var hidden = embed(inputs.InputIds!); // [batch, position, dModel]
        if (maskToken is { } mask)
        {
            var isMasked = inputs.InputIds!.eq(Scalars.Of(mask)); // [batch, position]
            var share = isMasked.sum([1]).to(ScalarType.Float32).div(Scalars.Of(hidden.shape[1])); // [batch]
            var kept = share.neg().add(Scalars.Of(1), Scalars.Of(1)).view(-1, 1, 1); // [batch, 1, 1]
            hidden = hidden.masked_fill(isMasked.unsqueeze(-1), Scalars.Of(0)).mul(Scalars.Of(1 - MaskedInTraining)).div(kept).to(hidden.dtype);
        }

        if (position_embeddings is not null)
        {
            var places = inputs.PositionIds ?? PaddedPositions.Of(inputs, settings.PaddingToken!.Value); // [batch or 1, position]
            hidden = hidden.add(position_embeddings.call(places), Scalars.Of(1)); // [batch, position, dModel]
        }

        return scope.HandOut(layer_norm is null ? hidden : layer_norm.call(hidden));
    }
}

/// <summary>Is the first half of an ESM block: a norm, self-attention, its projection and the residual stream.</summary>
internal sealed class EsmAttention : nn.Module<Tensor, AttentionContext, Tensor>
{
    private readonly Norm LayerNorm;
    private readonly EncoderAttention self;
    private readonly BertOutput output;

    public EsmAttention(EncoderSettings settings, int layer, Weights weights)
        : base(nameof(EsmAttention))
    {
        LayerNorm = settings.CreateNorm(weights);
        self = new EncoderAttention(settings, layer, weights, BertAttention.Parts, hasOutput: false);
        output = new BertOutput(settings.Width, settings, weights, hasNorm: false);
        RegisterComponents();
    }

    /// <summary>Moves the residual stream [row, position, dModel] behind attention.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context)
    {
        var normed = LayerNorm.call(hidden); // [row, position, dModel]
        return output.call(self.call(normed, normed, normed, context), hidden); // [row, position, dModel]
    }
}

/// <summary>Is one of ESM's blocks: attention and MLP, each behind a norm and added to the residual stream.</summary>
internal sealed class EsmLayer : nn.Module<Tensor, AttentionContext, Tensor>
{
    private readonly EsmAttention attention;
    private readonly Norm LayerNorm;
    private readonly Chain intermediate;
    private readonly BertOutput output;

    public EsmLayer(EncoderSettings settings, int layer, Weights weights)
        : base(nameof(EsmLayer))
    {
        attention = new EsmAttention(settings, layer, weights);
        LayerNorm = settings.CreateNorm(weights);
        intermediate = BertLayer.Intermediate(settings, weights);
        output = new BertOutput(settings.InnerWidth, settings, weights, hasNorm: false);
        RegisterComponents();
    }

    /// <summary>Moves the residual stream [row, position, dModel] behind this block.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context)
    {
        var middle = attention.call(hidden, context); // [row, position, dModel]
        return output.call(intermediate.call(LayerNorm.call(middle)), middle); // [row, position, dModel]
    }
}

/// <summary>Tells from the attention weights of all heads which amino acids touch, by one logistic regression.</summary>
internal sealed class EsmContactHead : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    private const long EndOfProtein = 2; // in transformers too, whatever a configuration says

    private readonly Layers.Linear regression;

    public EsmContactHead(EncoderSettings settings, Weights weights)
        : base(nameof(EsmContactHead))
    {
        regression = new Layers.Linear(settings.LayerCount * settings.HeadCount, 1, hasBias: true, weights);
        RegisterComponents();
    }

    /// <summary>Returns the probabilities of contacts: [batch, position - 2, position - 2], without the first and the last token.</summary>
    /// <param name="tokens">The token ids: int64 [batch, position].</param>
    /// <param name="mask">1 = real and 0 = padding: [batch, position].</param>
    /// <param name="attentions">The attention weights of all heads of all layers: [batch, layer * head, query, key].</param>
    public override Tensor forward(Tensor tokens, Tensor mask, Tensor attentions)
    {
        using var scope = NewDisposeScope();
        var kept = tokens.ne(Scalars.Of(EndOfProtein)).to(attentions.dtype).mul(mask.to(attentions.dtype)); // [batch, position]
        var between = kept.unsqueeze(1).mul(kept.unsqueeze(2)).unsqueeze(1); // [batch, 1, query, key]
        var inner = attentions.mul(between).slice(2, 1, -1, 1).slice(3, 1, -1, 1); // [batch, layer * head, position - 2, position - 2]
        var both = inner.add(inner.transpose(2, 3), Scalars.Of(1));
        var expected = both.sum([3], keepdim: true).mul(both.sum([2], keepdim: true)).div(both.sum([2, 3], keepdim: true));
        var excess = both.sub(expected).permute(0, 2, 3, 1); // [batch, position - 2, position - 2, layer * head]
        return scope.HandOut(regression.call(excess).squeeze(3).sigmoid());
    }
}

/// <summary>Describes ESM-1b and ESM-2, encoders of proteins.</summary>
/// <remarks>Source: Lin et al., Evolutionary-scale prediction of atomic-level protein structure, 2023.</remarks>
internal static class EsmArchitecture
{
    private const string ContactHead = "contact_head";

    /// <summary>Gets the architecture.</summary>
    public static EncoderArchitecture Instance { get; } = new()
    {
        ModelType = "esm",
        ClassPrefix = "Esm",
        Parts = new() { Body = "esm", FinalNorm = "emb_layer_norm_after", Segments = null },
        Read = Settings,
        CreateEmbeddings = (settings, parts, tokens, weights) => new EsmEmbeddings(settings, parts, tokens, weights),
        CreateBlock = (settings, layer, weights) => new EsmLayer(settings, layer, weights),
        CreateTokenHead = EncoderHeads.Masked,
        CreateClassifier = EncoderHeads.Classifier,
        CreateReaders = (settings, weights) => weights.Have(ContactHead) ? [(ContactHead, new EsmContactHead(settings, weights))] : [],
        IgnoredEndings = [".rotary_embeddings.inv_freq"],
        Fields = EncoderFields.Create("esm", new()
        {
            ["position_embedding_type"] = Kept("\"absolute\"", "\"rotary\""),
            ["hidden_act"] = Unsaid("gelu"),
            ["classifier_dropout"] = Unsaid(null),
            ["emb_layer_norm_before"] = Flag().OrNull,
            ["token_dropout"] = Flag(false),
            ["mask_token_id"] = Whole(null, 0, int.MaxValue).OrNull,
            ["pad_token_id"] = Whole(1, 0, int.MaxValue).OrNull, // of the alphabet of all of them
            ["is_folding_model"] = Only("false"),
        }, "vocab_list", "esmfold_config", "hidden_act", "classifier_dropout"),
    };

    private static EncoderSettings Settings(ModelConfig config)
    {
        var isTurned = config.GetString("position_embedding_type") == "rotary";
        var settings = EncoderSettings.Read(config);
        if (isTurned && settings.HeadWidth % 2 != 0)
        {
            throw new CheckpointException(
                config.Origin,
                $"Rotary positions turn pairs of features, but a head has {settings.HeadWidth}: 'hidden_size' / 'num_attention_heads' must be even.");
        }

        var (padding, mask) = (config.GetInteger("pad_token_id"), config.GetInteger("mask_token_id"));
        return !isTurned && padding is null ? throw Missing("pad_token_id", "absolute positions are counted from it")
            : config.Flag("token_dropout") && mask is null ? throw Missing("mask_token_id", "'token_dropout' needs to know it")
            : settings with
            {
                PaddingToken = isTurned ? null : padding,
                PositionCount = isTurned ? null : settings.PositionCount,
                Rotary = isTurned
                    ? new RotarySettings(settings.HeadWidth, 10_000, settings.PositionCount!.Value, new RotaryScaling.None()) { TurnsInFloat32 = true }
                    : null,
            };

        CheckpointException Missing(string field, string reason) =>
            new(config.Origin, $"'{field}' must be a whole number, as {reason}, but is absent or null.");
    }
}
