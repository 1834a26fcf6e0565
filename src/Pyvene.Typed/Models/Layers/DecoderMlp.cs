using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>
/// Is an MLP: down(act(up(x))), or gated, down(act(gate(x)) · up(x)). Source of the latter: Shazeer, GLU Variants Improve Transformer, 2020.
/// </summary>
internal sealed class DecoderMlp : nn.Module<Tensor, Tensor>
{
    private readonly Linear? gate;
    private readonly Linear up;
    private readonly Linear down;
    private readonly nn.Module<Tensor, Tensor> activation;
    private readonly Dropout? dropout;

    public DecoderMlp(DecoderSettings settings, Weights weights, MlpParts? parts = null)
        : base(nameof(DecoderMlp))
    {
        parts ??= new();
        gate = parts.Gate is { } name ? Part(name, new Linear(settings.Width, settings.InnerWidth, settings.HasMlpBias, weights)) : null;
        up = Part(parts.Up, new Linear(settings.Width, settings.InnerWidth, settings.HasMlpBias, weights));
        down = Part(parts.Down, new Linear(settings.InnerWidth, settings.Width, settings.HasMlpBias, weights));
        activation = Part(parts.Activation, Activations.Create(settings.Activation, settings.Source));
        dropout = parts.Dropout is { } behind ? Part(behind, nn.Dropout(settings.HiddenDropout)) : null;

        TModule Part<TModule>(string name, TModule part)
            where TModule : nn.Module
        {
            register_module(name, part);
            return part;
        }
    }

    /// <summary>Maps the normed residual stream [row, position, dModel] to what the MLP adds to it.</summary>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        // [row, position, dMlp]
        var inner = gate is null ? activation.call(up.call(hidden)) : activation.call(gate.call(hidden)).mul(up.call(hidden));
        var made = down.call(inner); // [row, position, dModel]
        return scope.HandOut(dropout is null ? made : dropout.call(made));
    }

    /// <summary>Registers nothing: the parts are registered under the architecture's names, not under those of fields.</summary>
    protected override void RegisterComponents()
    {
    }
}
