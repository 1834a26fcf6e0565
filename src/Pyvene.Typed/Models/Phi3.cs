// Reproduces transformers 4.57.6, models/phi3/modeling_phi3.py, with eager attention's numbers.
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using static Pyvene.Typed.Models.Fields.FieldRule;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is Phi-3's gated MLP, whose gate and other projection are one.</summary>
internal sealed class Phi3MLP : nn.Module<Tensor, Tensor>
{
    private readonly Linear gate_up_proj;
    private readonly Linear down_proj;
    private readonly nn.Module<Tensor, Tensor> activation_fn;

    public Phi3MLP(DecoderSettings settings, Weights weights)
        : base(nameof(Phi3MLP))
    {
        gate_up_proj = new Linear(settings.Width, 2 * settings.InnerWidth, hasBias: false, weights);
        down_proj = new Linear(settings.InnerWidth, settings.Width, hasBias: false, weights);
        activation_fn = Activations.Create(settings.Activation, settings.Source);
        RegisterComponents();
    }

    /// <summary>Maps the normed residual stream [row, position, dModel] to what the MLP adds to it.</summary>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var both = gate_up_proj.call(hidden).chunk(2, -1); // 2 × [row, position, dMlp]
        return scope.HandOut(down_proj.call(activation_fn.call(both[0]).mul(both[1]))); // [row, position, dModel]
    }
}

/// <summary>Describes Phi-3, which Phi-3.5 and Phi-4 mini are too. Source: Abdin et al., Phi-3 Technical Report, 2024.</summary>
internal static class Phi3Architecture
{
    private static readonly AttentionParts AttentionParts = new() { Fused = "qkv_proj" };

    /// <summary>Gets the architecture.</summary>
    public static DecoderArchitecture Instance { get; } = new()
    {
        ModelType = "phi3",
        ClassPrefix = "Phi3",
        Parts = new() { AttentionEndDropout = "resid_attn_dropout", MlpEndDropout = "resid_mlp_dropout" },
        CreateAttention = (settings, layer, weights) => new DecoderAttention(settings, layer, weights, AttentionParts),
        CreateMlp = (settings, weights) => new Phi3MLP(settings, weights),
        Read = config => DecoderSettings.Read(config, Rotary(config)).WithWindows(config.GetInteger("sliding_window"), _ => true) with
        {
            HiddenDropout = config.Number("resid_pdrop"),
        },
        Fields = DecoderFields.Create("phi3", new() { NormEpsilon = 1e-5 }, new()
        {
            ["sliding_window"] = Size().OrNull,
            ["resid_pdrop"] = Probability(0),
            ["attention_bias"] = Only("false"),
            ["original_max_position_embeddings"] = Size(4096),
        }, "embd_pdrop"), // the model that reads them has no such dropout
    };

    private static Func<long, RotarySettings?> Rotary(ModelConfig config) =>
        headWidth => RotaryFields.Read(config, headWidth, ["rope_theta"], ["partial_rotary_factor"]);
}
