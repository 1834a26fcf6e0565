// Reproduces transformers 4.57.6, models/falcon/modeling_falcon.py, with eager attention's numbers.
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using static Pyvene.Typed.Models.Fields.CommonFields;
using static Pyvene.Typed.Models.Fields.FieldRule;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>
/// Describes Falcon, which turns by positions or has linear biases. Source: Almazrouei et al., The Falcon Series of Open Language Models, 2023.
/// </summary>
internal static class FalconArchitecture
{
    private static readonly AttentionParts AttentionParts = new() { Fused = "query_key_value", IsGrouped = true, Output = "dense" };

    private static readonly MlpParts MlpParts = new() { Gate = null, Up = "dense_h_to_4h", Down = "dense_4h_to_h", Activation = "act" };

    // Of blocks whose attention and MLP follow each other.
    private static readonly DecoderParts InTurn = new()
    {
        Body = "transformer", Tokens = "word_embeddings", Blocks = "h", FinalNorm = "ln_f", Attention = "self_attention",
    };

    /// <summary>Gets the architecture; its old checkpoints carry the frequencies of every layer.</summary>
    public static DecoderArchitecture Instance { get; } = new()
    {
        ModelType = "falcon",
        ClassPrefix = "Falcon",
        Parts = InTurn,
        CreateAttention = (settings, layer, weights) => new DecoderAttention(settings, layer, weights, AttentionParts),
        CreateMlp = (settings, weights) => new DecoderMlp(settings, weights, MlpParts),
        IgnoredEndings = [".rotary_emb.inv_freq"],
        Read = Settings,
        Fields = DecoderFields.Create("falcon", new() { Activation = "gelu", TiesHead = true }, new()
        {
            ["hidden_size"] = Size(ArchitectureDescriptor.DefaultOf("falcon", "hidden_size"), Widest).Or("n_embed"),
            ["intermediate_size"] = Size(null, WidestInside).Under("ffn_hidden_size").OrNull,
            ["hidden_act"] = Activation("gelu").Under("activation"),
            ["rms_norm_eps"] = Epsilon(1e-5).Under("layer_norm_epsilon"),
            ["hidden_dropout"] = Probability(0),
            ["num_kv_heads"] = Size(null, Widest).OrNull,
            ["num_ln_in_parallel_attn"] = Whole(null, 1, 2).OrNull,
            ["alibi"] = Flag(false),
            ["new_decoder_architecture"] = Flag(false),
            ["multi_query"] = Flag(true),
            ["parallel_attn"] = Flag(true),
            ["bias"] = Flag(false),
        }),
    };

    private static DecoderSettings Settings(ModelConfig config)
    {
        var (isNew, isParallel, hasBias) = (config.Flag("new_decoder_architecture"), config.Flag("parallel_attn"), config.Flag("bias"));
        var heads = config.Size("num_attention_heads");
        var keyHeads = isNew ? config.GetInteger("num_kv_heads") ?? heads : config.Flag("multi_query") ? 1 : heads;
        var norms = config.GetInteger("num_ln_in_parallel_attn") ?? (isNew ? 2 : 1);
        if ((isNew && !isParallel) || (!isNew && isParallel && norms == 2))
        {
            throw new CheckpointException(config.Origin, $"'new_decoder_architecture' is {(isNew ? "true" : "false")} with 'parallel_attn' "
                + $"{(isParallel ? "true" : "false")} and {norms} norms before attention and MLP, which no Falcon has.") { IsUnsupported = true };
        }

        var shared = config.With($$"""{"num_key_value_heads": {{keyHeads}}, "head_dim": null}""");
        var settings = (config.Flag("alibi") ? DecoderSettings.Read(shared, _ => null) : DecoderSettings.Read(shared)).WithoutWindows();
        return settings with
        {
            Source = config,
            Parts = !isParallel ? InTurn
                : norms == 2 ? InTurn with { AttentionNorm = "ln_attn", MlpNorm = "ln_mlp" }
                : InTurn with { MlpNorm = null },
            Biases = config.Flag("alibi") ? new(heads) { Scale = settings.ScoreScale, Rounding = ScalarType.BFloat16 } : null,
            IsParallel = isParallel,
            HasProjectionBias = hasBias,
            HasOutputBias = hasBias,
            HasMlpBias = hasBias,
            CentresNorms = true,
            HiddenDropout = config.Number("hidden_dropout"),
        };
    }
}
