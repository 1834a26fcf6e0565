// Reproduces transformers 4.57.6, models/gpt_oss/modeling_gpt_oss.py, with eager attention's numbers.
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static Pyvene.Typed.Models.Fields.FieldRule;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is gpt-oss's router, which weighs the experts that it has chosen among themselves.</summary>
internal sealed class GptOssTopKRouter : nn.Module<Tensor, (Tensor Scores, Tensor Experts)>
{
    private readonly Parameter weight; // [expert, dModel]
    private readonly Parameter bias; // [expert]
    private readonly int chosen;

    public GptOssTopKRouter(DecoderSettings settings, Weights weights)
        : base(nameof(GptOssTopKRouter))
    {
        chosen = settings.Experts!.Chosen;
        weight = weights.Unfilled(settings.Experts.Count, settings.Width);
        bias = weights.Unfilled(settings.Experts.Count);
        RegisterComponents();
    }

    /// <summary>Returns the weight of each expert, 0 of those that are not chosen, [token, expert], and which are, [token, choice].</summary>
    public override (Tensor Scores, Tensor Experts) forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var logits = LinearMap.Apply(hidden.flatten(0, 1), weight, bias); // [token, expert]
        var (best, which) = logits.topk(chosen, -1); // [token, choice]
        var scores = zeros_like(logits).scatter(1, which, best.softmax(-1)); // [token, expert]
        return (scope.HandOut(scores), scope.HandOut(which));
    }
}

/// <summary>Is gpt-oss's experts, whose weights lie in one tensor each.</summary>
internal sealed class GptOssExperts : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    // Fixed in transformers, too.
    private const double Slope = 1.702;
    private const double Bound = 7;

    private readonly Parameter gate_up_proj; // [expert, dModel, 2 · dMlp], gate and other in turns
    private readonly Parameter gate_up_proj_bias; // [expert, 2 · dMlp]
    private readonly Parameter down_proj; // [expert, dMlp, dModel]
    private readonly Parameter down_proj_bias; // [expert, dModel]
    private readonly ModuleList<Tap> contributions;

    public GptOssExperts(DecoderSettings settings, Weights weights)
        : base(nameof(GptOssExperts))
    {
        var count = settings.Experts!.Count;
        gate_up_proj = weights.Unfilled(count, settings.Width, 2 * settings.InnerWidth);
        gate_up_proj_bias = weights.Unfilled(count, 2 * settings.InnerWidth);
        down_proj = weights.Unfilled(count, settings.InnerWidth, settings.Width);
        down_proj_bias = weights.Unfilled(count, settings.Width);
        contributions = ExpertChoice.Taps(count);
        RegisterComponents();
    }

    /// <summary>Maps the normed residual stream [row, position, dModel] to what the experts add to it.</summary>
    /// <param name="hidden">[row, position, dModel].</param>
    /// <param name="router_indices">Which experts serve a token: int64 [token, choice].</param>
    /// <param name="routing_weights">The weight of each expert: [token, expert].</param>
    public override Tensor forward(Tensor hidden, Tensor router_indices, Tensor routing_weights)
    {
        using var scope = NewDisposeScope();
        // a number that an intervention made up is refused where the experts are called
        var within = router_indices.clamp(Scalars.Of(0), Scalars.Of(routing_weights.shape[1] - 1)); // [token, choice]
        var choice = new ExpertChoice(router_indices, routing_weights.gather(1, within));
        return scope.HandOut(choice.Mix(hidden, contributions, Of));
    }

    private Tensor Of(int expert, Tensor tokens)
    {
        var both = addmm(gate_up_proj_bias[expert], tokens, gate_up_proj[expert], 1, 1).view(tokens.shape[0], -1, 2); // [token, dMlp, 2]
        var gate = both.select(2, 0).clamp_max(Scalars.Of(Bound)); // [token, dMlp]
        var up = both.select(2, 1).clamp(Scalars.Of(-Bound), Scalars.Of(Bound)); // [token, dMlp]
        var gated = gate.mul(gate.mul(Scalars.Of(Slope)).sigmoid()).mul(up.add(Scalars.Of(1), Scalars.Of(1))); // [token, dMlp]
        return addmm(down_proj_bias[expert], gated, down_proj[expert], 1, 1); // [token, dModel]
    }
}

/// <summary>Is gpt-oss's MLP: a router sends every token to a few experts.</summary>
internal sealed class GptOssMLP : nn.Module<Tensor, AttentionContext, Tensor>
{
    private readonly GptOssTopKRouter router;
    private readonly GptOssExperts experts;

    public GptOssMLP(DecoderSettings settings, Weights weights)
        : base(nameof(GptOssMLP))
    {
        router = new GptOssTopKRouter(settings, weights);
        experts = new GptOssExperts(settings, weights);
        RegisterComponents();
    }

    /// <summary>Maps the normed residual stream [row, position, dModel] to what the experts add to it.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var (scores, which) = router.call(hidden); // [token, expert], [token, choice]
        context.AddRouterScores(scores, hidden);
        return scope.HandOut(experts.call(hidden, which, scores));
    }
}

/// <summary>Describes gpt-oss. Source: OpenAI, gpt-oss-120b and gpt-oss-20b Model Card, 2025.</summary>
internal static class GptOssArchitecture
{
    private static readonly Dictionary<string, object> Yarn = new()
    {
        ["rope_type"] = "yarn",
        ["factor"] = 32,
        ["beta_fast"] = 32,
        ["beta_slow"] = 1,
        ["truncate"] = false,
        ["original_max_position_embeddings"] = 4096,
    };

    /// <summary>Gets the architecture.</summary>
    public static DecoderArchitecture Instance { get; } = new()
    {
        ModelType = "gpt_oss",
        ClassPrefix = "GptOss",
        CreateExperts = (settings, weights) => new GptOssMLP(settings, weights),
        DrawnEndings = [".sinks", ".router.bias"],
        Read = config => DecoderSettings.Read(config).WithWindows(config.GetInteger("sliding_window"), layer => layer % 2 == 0) with
        {
            HasProjectionBias = config.Flag("attention_bias"),
            HasOutputBias = config.Flag("attention_bias"),
            HasSinks = true,
            NormsWeighInFloat32 = true,
            Experts = ExpertFields.Read(config),
        },
        Fields = DecoderFields.Create("gpt_oss", new() { NormEpsilon = 1e-5 }, ExpertFields.With("gpt_oss", 0.9, new()
        {
            ["rope_theta"] = Positive(150000),
            ["rope_scaling"] = FieldRule.Object(Yarn).OrNull,
            ["sliding_window"] = Size(128).OrNull,
            ["attention_bias"] = Flag(true),
        }), "experts_per_token", "initial_context_length", "swiglu_limit"), // written into its files and read by nothing there
    };
}
