// Reproduces transformers 4.57.6, models/mixtral/modeling_mixtral.py, with eager attention's numbers.
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using TorchSharp.Modules;
using static Pyvene.Typed.Models.Fields.FieldRule;
using static TorchSharp.torch;
using Linear = Pyvene.Typed.Models.Layers.Linear;

namespace Pyvene.Typed.Models;

/// <summary>Is one of Mixtral's experts, a gated MLP.</summary>
internal sealed class MixtralBlockSparseTop2MLP : nn.Module<Tensor, Tensor>, IPicksRows
{
    private readonly Linear w1;
    private readonly Linear w2;
    private readonly Linear w3;
    private readonly nn.Module<Tensor, Tensor> act_fn;

    public MixtralBlockSparseTop2MLP(DecoderSettings settings, Weights weights)
        : base(nameof(MixtralBlockSparseTop2MLP))
    {
        w1 = new Linear(settings.Width, settings.InnerWidth, hasBias: false, weights);
        w2 = new Linear(settings.InnerWidth, settings.Width, hasBias: false, weights);
        w3 = new Linear(settings.Width, settings.InnerWidth, hasBias: false, weights);
        act_fn = Activations.Create(settings.Activation, settings.Source);
        RegisterComponents();
    }

    /// <summary>Maps the tokens that this expert serves, [token, dModel].</summary>
    public override Tensor forward(Tensor tokens) => w2.call(act_fn.call(w1.call(tokens)).mul(w3.call(tokens)));
}

/// <summary>Is Mixtral's MLP: a router sends every token to a few experts.</summary>
internal sealed class MixtralSparseMoeBlock : nn.Module<Tensor, AttentionContext, Tensor>
{
    private readonly Linear gate;
    private readonly ModuleList<MixtralBlockSparseTop2MLP> experts;
    private readonly ModuleList<Tap> contributions;
    private readonly int chosen;
    private readonly double jitter; // in training, how far the values are scaled at random

    public MixtralSparseMoeBlock(DecoderSettings settings, Weights weights)
        : base(nameof(MixtralSparseMoeBlock))
    {
        var count = settings.Experts!.Count;
        (chosen, jitter) = (settings.Experts.Chosen, settings.Source.Number("router_jitter_noise"));
        gate = new Linear(settings.Width, count, hasBias: false, weights);
        experts = nn.ModuleList([.. Enumerable.Range(0, count).Select(_ => new MixtralBlockSparseTop2MLP(settings, weights))]);
        contributions = ExpertChoice.Taps(count);
        RegisterComponents();
    }

    /// <summary>Maps the normed residual stream [row, position, dModel] to what the experts add to it.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        if (training && jitter > 0)
        {
            hidden = hidden.mul(empty_like(hidden).uniform_(1 - jitter, 1 + jitter)); // [row, position, dModel]
        }

        var scores = gate.call(hidden.flatten(0, 1)); // [token, expert]
        context.AddRouterScores(scores, hidden);
        var (best, which) = scores.to(ScalarType.Float32).softmax(-1).topk(chosen, -1); // [token, choice]
        var weights = best.div(best.sum(-1, keepdim: true)).to(hidden.dtype); // [token, choice]
        return scope.HandOut(new ExpertChoice(which, weights).Mix(hidden, contributions, (expert, tokens) => experts[expert].call(tokens)));
    }
}

/// <summary>Describes Mixtral. Source: Jiang et al., Mixtral of Experts, 2024.</summary>
internal static class MixtralArchitecture
{
    /// <summary>Gets the architecture.</summary>
    public static DecoderArchitecture Instance { get; } = new()
    {
        ModelType = "mixtral",
        ClassPrefix = "Mixtral",
        Parts = new() { Mlp = "block_sparse_moe" },
        CreateExperts = (settings, weights) => new MixtralSparseMoeBlock(settings, weights),
        Read = config => DecoderSettings.Read(config).WithWindows(config.GetInteger("sliding_window"), _ => true) with
        {
            Experts = ExpertFields.Read(config),
        },
        Fields = DecoderFields.Create("mixtral", new() { NormEpsilon = 1e-5 }, ExpertFields.With("mixtral", 0.001, new()
        {
            ["rope_theta"] = Positive(1e6),
            ["sliding_window"] = Size().OrNull,
            ["router_jitter_noise"] = Probability(0),
            ["attention_bias"] = Only("false"),
        })),
    };
}
