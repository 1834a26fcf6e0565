// Reproduces transformers 4.57.6, models/gpt_neo/modeling_gpt_neo.py, with eager attention's numbers.
using System.Text.Json;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using static Pyvene.Typed.Models.Fields.CommonFields;
using static Pyvene.Typed.Models.Fields.FieldRule;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Holds GPT-Neo's attention one module deeper than others do.</summary>
internal sealed class GPTNeoAttention : nn.Module<Tensor, AttentionContext, Tensor>
{
    private readonly DecoderAttention attention;

    public GPTNeoAttention(DecoderAttention attention)
        : base(nameof(GPTNeoAttention))
    {
        this.attention = attention;
        RegisterComponents();
    }

    /// <summary>Maps the normed residual stream [row, position, dModel] to what attention adds to it.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context) => attention.call(hidden, context);
}

/// <summary>Describes GPT-Neo, whose scores are not scaled; the TinyStories models are of its kind. Source: Black et al., GPT-Neo, 2021.</summary>
internal static class GPTNeoArchitecture
{
    private static readonly AttentionParts AttentionParts = new() { Output = "out_proj", Weights = "attn_dropout", Dropout = "resid_dropout" };

    private static readonly MlpParts MlpParts = new() { Gate = null, Up = "c_fc", Down = "c_proj", Activation = "act", Dropout = "dropout" };

    /// <summary>Gets the architecture; its old checkpoints carry the causal mask of every layer.</summary>
    public static DecoderArchitecture Instance { get; } = new()
    {
        ModelType = "gpt_neo",
        ClassPrefix = "GPTNeo",
        Parts = new()
        {
            Body = "transformer", Tokens = "wte", Positions = "wpe", Dropout = "drop", Blocks = "h", FinalNorm = "ln_f",
            AttentionNorm = "ln_1", Attention = "attn", MlpNorm = "ln_2",
        },
        CreateAttention = (settings, layer, weights) => new GPTNeoAttention(new DecoderAttention(settings, layer, weights, AttentionParts)),
        CreateMlp = (settings, weights) => new DecoderMlp(settings, weights, MlpParts),
        IgnoredEndings = [".attn.attention.bias", ".attn.attention.masked_bias"],
        Read = Settings,
        Fields = DecoderFields.CreateUnturned("gpt_neo", new() { Activation = "gelu_new", TiesHead = true }, new()
        {
            ["num_hidden_layers"] = Size(ArchitectureDescriptor.DefaultOf("gpt_neo", "num_hidden_layers"), MostLayers).Or("num_layers"),
            ["num_attention_heads"] = Size(ArchitectureDescriptor.DefaultOf("gpt_neo", "num_attention_heads"), Widest).Or("num_heads"),
            ["intermediate_size"] = Size(null, WidestInside).OrNull,
            ["hidden_act"] = Activation("gelu_new").Under("activation_function"),
            ["rms_norm_eps"] = Epsilon(1e-5).Under("layer_norm_epsilon"),
            ["attention_types"] = List().OrNull,
            ["attention_layers"] = List().OrNull,
            ["window_size"] = Size(256),
            ["resid_dropout"] = Probability(0),
            ["embed_dropout"] = Probability(0),
        }, "classifier_dropout", "gradient_checkpointing", "summary_activation", "summary_first_dropout", "summary_proj_to_labels", "summary_type",
            "summary_use_proj"),
    };

    private static DecoderSettings Settings(ModelConfig config)
    {
        var settings = DecoderSettings.ReadUnturned(config);
        var kinds = Kinds(config, settings.LayerCount);
        return settings with
        {
            Windows = [.. kinds.Select(kind => kind == "local" ? config.Size("window_size") : (long?)null)],
            ScoreScale = 1,
            UpcastsScores = true,
            BlocksForGood = true,
            PositionCount = config.Size("max_position_embeddings"),
            SegmentCount = settings.VocabSize,
            HasOutputBias = true,
            HasMlpBias = true,
            CentresNorms = true,
            EmbeddingDropout = config.Number("embed_dropout"),
            HiddenDropout = config.Number("resid_dropout"),
        };
    }

    /// <summary>Reads what each layer attends to: <c>attention_types</c> says it in short, <c>attention_layers</c> in full.</summary>
    private static List<string> Kinds(ModelConfig config, int layers)
    {
        var list = config.GetElement("attention_layers") is { ValueKind: JsonValueKind.Array } given ? given : default(JsonElement?);
        var named = list is { } items
            ? items.EnumerateArray().Select(kind => kind.ValueKind == JsonValueKind.String ? kind.GetString()! : kind.GetRawText()).ToList()
            : null;
        if (named is not null && (named.Count != layers || named.Any(kind => kind is not ("global" or "local"))))
        {
            throw new CheckpointException(config.Origin, $"'attention_layers' must say for each of the {layers} layers global or local, but is "
                + $"{Excerpt.Of(list!.Value)}.");
        }

        if (config.GetElement("attention_types") is not { ValueKind: JsonValueKind.Array } groups)
        {
            // Without either they take turns, in a model of whatever length.
            return named ?? [.. Enumerable.Range(0, layers).Select(layer => layer % 2 == 0 ? "global" : "local")];
        }

        var kinds = new List<string>();
        foreach (var group in groups.EnumerateArray())
        {
            if (group is not { ValueKind: JsonValueKind.Array } || group.GetArrayLength() != 2 || group[0].ValueKind != JsonValueKind.Array
                || !group[1].IsWhole(out var times) || times < 1 || times > layers || group[0].GetArrayLength() == 0
                || group[0].EnumerateArray().Any(kind => kind.ValueKind != JsonValueKind.String || kind.GetString() is not ("global" or "local")))
            {
                throw new CheckpointException(config.Origin, "'attention_types' must hold pairs of kinds, global or local, and how many times they come, "
                    + $"such as [[\"global\", \"local\"], 6], but has {Excerpt.Of(group)}.");
            }

            for (var time = 0L; time < times && kinds.Count <= layers; time++)
            {
                kinds.AddRange(group[0].EnumerateArray().Select(kind => kind.GetString()!));
            }
        }

        if (kinds.Count != layers)
        {
            throw new CheckpointException(config.Origin, $"'attention_types' must say the kind of each of the {layers} layers, but is of {kinds.Count}.");
        }

        return named is null || named.SequenceEqual(kinds)
            ? kinds
            : throw new CheckpointException(config.Origin, "'attention_layers' names other kinds of layers than 'attention_types'; both must say the same.");
    }
}
