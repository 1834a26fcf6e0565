using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Bert;

/// <summary>Projects what attention or the MLP made, adds it to the residual stream, and norms the sum.</summary>
internal sealed class BertOutput : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Layers.Linear dense;
    private readonly Layers.LayerNorm LayerNorm;
    private readonly Dropout dropout;

    public BertOutput(long inputs, BertSettings settings, Device device)
        : base(nameof(BertOutput))
    {
        dense = new Layers.Linear(inputs, settings.Width, hasBias: true, device);
        LayerNorm = new Layers.LayerNorm(settings.Width, settings.NormEpsilon, device);
        dropout = nn.Dropout(settings.HiddenDropout);
        RegisterComponents();
    }

    /// <summary>Maps [row, position, in] and the residual stream [row, position, dModel] to the new residual stream.</summary>
    public override Tensor forward(Tensor made, Tensor residual)
    {
        using var scope = NewDisposeScope();
        return scope.HandOut(LayerNorm.call(dropout.call(dense.call(made)).add(residual, Scalars.Of(1)))); // [row, position, dModel]
    }
}
