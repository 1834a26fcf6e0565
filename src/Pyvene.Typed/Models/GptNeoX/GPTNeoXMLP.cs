using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.GptNeoX;

/// <summary>Is GPT-NeoX's MLP: wider, bent, narrower.</summary>
internal sealed class GPTNeoXMLP : nn.Module<Tensor, Tensor>
{
    private readonly Linear dense_h_to_4h;
    private readonly Linear dense_4h_to_h;
    private readonly nn.Module<Tensor, Tensor> act;

    public GPTNeoXMLP(DecoderSettings settings, Device device)
        : base(nameof(GPTNeoXMLP))
    {
        dense_h_to_4h = new Linear(settings.Width, settings.InnerWidth, hasBias: true, device);
        dense_4h_to_h = new Linear(settings.InnerWidth, settings.Width, hasBias: true, device);
        act = Activations.Create(settings.Activation, settings.Source);
        RegisterComponents();
    }

    /// <summary>Maps the normed residual stream [row, position, dModel] to what the MLP adds to it.</summary>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return scope.HandOut(dense_4h_to_h.call(act.call(dense_h_to_4h.call(hidden)))); // [row, position, dModel]
    }
}
