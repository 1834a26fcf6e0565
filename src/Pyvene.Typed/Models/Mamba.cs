// Reproduces transformers 4.57.6, models/mamba/modeling_mamba.py, with the numbers of its slow_forward.
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static Pyvene.Typed.Models.Fields.FieldRule;
using static TorchSharp.torch;
using Linear = Pyvene.Typed.Models.Layers.Linear;

namespace Pyvene.Typed.Models;

/// <summary>Is Mamba's mixer: a gated convolution and a selective state space, whose step, B and C follow from its input.</summary>
internal sealed class MambaMixer : nn.Module<Tensor, StateSpacePass, Tensor>
{
    private readonly CausalConv1d conv1d;
    private readonly nn.Module<Tensor, Tensor> act;
    private readonly Linear in_proj;
    private readonly Linear x_proj;
    private readonly Linear dt_proj;
    private readonly Linear out_proj;
    private readonly Parameter A_log; // [channel, state]
    private readonly Parameter D; // [channel]
    private readonly int layer;
    private readonly long[] parts;

    public MambaMixer(ModelConfig config, int layer, Weights weights)
        : base(nameof(MambaMixer))
    {
        var (width, inner, states, rank) = (config.Size("hidden_size"), config.Size("intermediate_size"), config.Size("state_size"),
            config.Size("time_step_rank"));
        (this.layer, parts) = (layer, [rank, states, states]);
        A_log = weights.Unfilled(inner, states);
        D = weights.Unfilled(inner);
        conv1d = new CausalConv1d(inner, config.Size("conv_kernel"), config.Flag("use_conv_bias"), weights);
        act = Activations.Create(config.Text("hidden_act"), config);
        in_proj = new Linear(width, 2 * inner, config.Flag("use_bias"), weights);
        x_proj = new Linear(inner, rank + (2 * states), hasBias: false, weights);
        dt_proj = new Linear(rank, inner, hasBias: true, weights);
        out_proj = new Linear(inner, width, config.Flag("use_bias"), weights);
        RegisterComponents();
    }

    /// <summary>Maps [row, position, dModel] to the same shape.</summary>
    public override Tensor forward(Tensor hidden, StateSpacePass pass)
    {
        using var scope = NewDisposeScope();
        var (before, state) = pass.State?.Of(layer) ?? default;
        var halves = in_proj.call(hidden).chunk(2, -1); // 2 × [row, position, channel]
        var inputs = pass.WithoutPadding(halves[0]); // [row, position, channel]
        var seen = conv1d.call(inputs.transpose(1, 2), before); // [row, channel, position]
        var values = pass.WithoutPadding(act.call(seen.narrow(2, 0, hidden.shape[1]).transpose(1, 2))); // [row, position, channel]
        var chosen = x_proj.call(values).split(parts, -1); // [row, position, rank], then two of [row, position, state]
        var steps = nn.functional.softplus(dt_proj.call(chosen[0])); // [row, position, channel]
        var rates = A_log.Wide().exp().neg().t(); // [state, channel]
        var (outputs, last) = SelectiveScan.Apply(values, steps, rates, chosen[1], chosen[2], D, state); // [row, position, channel]
        pass.State?.Set(layer, conv1d.Last(inputs, before), last, hidden.shape[1]);
        return scope.HandOut(out_proj.call(outputs.mul(act.call(halves[1]))));
    }
}

/// <summary>Describes Mamba. Source: Gu and Dao, Mamba: Linear-Time Sequence Modeling with Selective State Spaces, 2023.</summary>
internal static class MambaArchitecture
{
    private const string ModelType = "mamba";

    /// <summary>Gets the architecture.</summary>
    public static StateSpaceArchitecture Instance { get; } = new()
    {
        ModelType = ModelType,
        ClassPrefix = "Mamba",
        Fields = StateSpaceFields.Create(
            ModelType,
            tiesHead: true,
            new()
            {
                ["intermediate_size"] = Size(null, CommonFields.WidestInside),
                ["time_step_rank"] = Size(null, CommonFields.Widest).OrWord("auto"),
                ["time_step_scale"] = Positive(1),
                ["time_step_init_scheme"] = Choice("random", "random", "constant"),
            },
            "use_mambapy", "d_model", "d_inner", "n_layer", "fused_add_norm", "rms_norm", "ssm_cfg", "pad_vocab_size_multiple"),
        Complete = Completed,
        CreateMixer = (config, layer, weights) => new MambaMixer(config, layer, weights),
        InitialValue = InitialValue,
        InitialDeviation = (config, parameter) => parameter.EndsWith(".dt_proj.weight", StringComparison.Ordinal)
            ? StepDeviation(config) / Math.Sqrt(3)
            : StateSpaceFields.InitialDeviation(config, parameter, config.Size("intermediate_size")),
    };

    private static ModelConfig Completed(ModelConfig config)
    {
        var width = config.Size("hidden_size");
        var inner = config.GetInteger("intermediate_size") ?? (long)(config.Number("expand") * width);
        var rank = config.GetElement("time_step_rank") is { ValueKind: System.Text.Json.JsonValueKind.Number } 
            ? config.Size("time_step_rank")
            : (width + 15) / 16;
        return config.With($$"""{"intermediate_size": {{inner}}, "time_step_rank": {{rank}}}""");
    }

    private static double StepDeviation(ModelConfig config) => config.Number("time_step_scale") / Math.Sqrt(config.Size("time_step_rank"));

    private static Tensor? InitialValue(ModelConfig config, string parameter)
    {
        var (inner, states) = (config.Size("intermediate_size"), config.Size("state_size"));
        return parameter.EndsWith(".A_log", StringComparison.Ordinal)
                ? arange(Scalars.Of(1), Scalars.Of(states + 1), Scalars.Of(1), ScalarType.Float32).log().expand(inner, states)
            : parameter.EndsWith(".dt_proj.bias", StringComparison.Ordinal) ? StateSpaceFields.InitialSteps(config, inner)
            : parameter.EndsWith(".dt_proj.weight", StringComparison.Ordinal) && config.Text("time_step_init_scheme") == "constant"
                ? full([inner, config.Size("time_step_rank")], Scalars.Of(StepDeviation(config)), ScalarType.Float32)
            : null;
    }
}
