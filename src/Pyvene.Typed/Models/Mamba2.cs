// Reproduces transformers 4.57.6, models/mamba2/modeling_mamba2.py, with the numbers of its torch_forward.
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static Pyvene.Typed.Models.Fields.FieldRule;
using static TorchSharp.torch;
using Linear = Pyvene.Typed.Models.Layers.Linear;

namespace Pyvene.Typed.Models;

/// <summary>Is Mamba 2's mixer: one map gives the gate, what goes through the convolution, and the step of every head.</summary>
/// <remarks>
/// Padding is taken out before the convolution, where transformers takes it out before the map: with a bias there, padded rows would not be the rows alone.
/// </remarks>
internal sealed class Mamba2Mixer : nn.Module<Tensor, StateSpacePass, Tensor>
{
    private readonly CausalConv1d conv1d;
    private readonly nn.Module<Tensor, Tensor> act;
    private readonly Linear in_proj;
    private readonly Parameter dt_bias; // [head]
    private readonly Parameter A_log; // [head]
    private readonly GatedRmsNorm norm;
    private readonly Parameter D; // [head]
    private readonly Linear out_proj;
    private readonly int layer;
    private readonly long[] projected;
    private readonly long[] convolved;
    private readonly (long Heads, long Groups, double Least, double Most) sizes;

    public Mamba2Mixer(ModelConfig config, int layer, Weights weights)
        : base(nameof(Mamba2Mixer))
    {
        var (width, heads, groups, states) = (config.Size("hidden_size"), config.Size("num_heads"), config.Size("n_groups"), config.Size("state_size"));
        var (inner, shared) = (heads * config.Size("head_dim"), groups * states);
        var limits = config.GetElement("time_step_limit")!.Value;
        (this.layer, projected, convolved) = (layer, [inner, inner + (2 * shared), heads], [inner, shared, shared]);
        sizes = (heads, groups, limits[0].GetDouble(), limits[1].GetDouble());
        dt_bias = weights.Unfilled(heads);
        A_log = weights.Unfilled(heads);
        D = weights.Unfilled(heads);
        conv1d = new CausalConv1d(projected[1], config.Size("conv_kernel"), config.Flag("use_conv_bias"), weights);
        act = Activations.Create(config.Text("hidden_act"), config);
        in_proj = new Linear(width, projected.Sum(), config.Flag("use_bias"), weights);
        norm = new GatedRmsNorm(inner, config.Number("layer_norm_epsilon"), weights);
        out_proj = new Linear(inner, width, config.Flag("use_bias"), weights);
        RegisterComponents();
    }

    /// <summary>Maps [row, position, dModel] to the same shape.</summary>
    public override Tensor forward(Tensor hidden, StateSpacePass pass)
    {
        using var scope = NewDisposeScope();
        var (before, state) = pass.State?.Of(layer) ?? default;
        var parts = in_proj.call(hidden).split(projected, -1); // gate, what is convolved, steps: each [row, position, …]
        var inputs = pass.WithoutPadding(parts[1]); // [row, position, channel]
        var seen = conv1d.call(inputs.transpose(1, 2), before); // [row, channel, position]
        var chosen = pass.WithoutPadding(act.call(seen.narrow(2, 0, hidden.shape[1]).transpose(1, 2))).split(convolved, -1);
        var steps = nn.functional.softplus(parts[2].add(dt_bias, Scalars.Of(1))); // [row, position, head]
        if (sizes.Least > 0 || !double.IsPositiveInfinity(sizes.Most))
        {
            steps = steps.clamp(Scalars.Of(sizes.Least), Scalars.Of(sizes.Most));
        }

        var (outputs, last) = ChunkedScan.Apply(
            chosen[0].unflatten(2, [sizes.Heads, -1]),
            steps,
            A_log.Wide().exp().neg(),
            chosen[1].unflatten(2, [sizes.Groups, -1]),
            chosen[2].unflatten(2, [sizes.Groups, -1]),
            D,
            state);
        pass.State?.Set(layer, conv1d.Last(inputs, before), last, hidden.shape[1]);
        var mixed = norm.call(outputs.flatten(2), parts[0]); // [row, position, channel]
        return scope.HandOut(out_proj.call(mixed.to(hidden.dtype)));
    }
}

/// <summary>Describes Mamba 2. Source: Dao and Gu, Transformers are SSMs, 2024.</summary>
internal static class Mamba2Architecture
{
    private const string ModelType = "mamba2";

    /// <summary>Gets the architecture.</summary>
    public static StateSpaceArchitecture Instance { get; } = new()
    {
        ModelType = ModelType,
        ClassPrefix = "Mamba2",
        Fields = StateSpaceFields.Create(
            ModelType,
            tiesHead: false,
            new()
            {
                ["num_heads"] = Size(128, CommonFields.Widest),
                ["head_dim"] = Size(64, CommonFields.Widest),
                ["n_groups"] = Size(8, CommonFields.Widest),
                ["time_step_limit"] = Range(0, double.PositiveInfinity),
            },
            "chunk_size", "time_step_rank", "rms_norm", "intermediate_size", "norm_before_gate"),
        Complete = Checked,
        CreateMixer = (config, layer, weights) => new Mamba2Mixer(config, layer, weights),
        InitialValue = InitialValue,
        InitialDeviation = (config, parameter) => StateSpaceFields.InitialDeviation(config, parameter, config.Size("num_heads") * config.Size("head_dim")),
    };

    private static ModelConfig Checked(ModelConfig config)
    {
        var (width, heads, features, groups) = (config.Size("hidden_size"), config.Size("num_heads"), config.Size("head_dim"), config.Size("n_groups"));
        if (config.Number("expand") * width != heads * features)
        {
            throw new CheckpointException(config.Origin, "'num_heads' times 'head_dim' must be 'expand' times 'hidden_size', but they are "
                + $"{heads} times {features} and {config.Number("expand")} times {width}.");
        }

        return heads % groups == 0 ? config
            : throw new CheckpointException(config.Origin, $"'num_heads' must be a multiple of 'n_groups', but they are {heads} and {groups}.");
    }

    private static Tensor? InitialValue(ModelConfig config, string parameter) =>
        parameter.EndsWith(".A_log", StringComparison.Ordinal)
            ? arange(Scalars.Of(1), Scalars.Of(config.Size("num_heads") + 1), Scalars.Of(1), ScalarType.Float32).log()
        : parameter.EndsWith(".dt_bias", StringComparison.Ordinal) ? StateSpaceFields.InitialSteps(config, config.Size("num_heads"))
        : null;
}
