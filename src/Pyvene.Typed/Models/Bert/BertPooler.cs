using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Bert;

/// <summary>Summarises a text by its first position.</summary>
internal sealed class BertPooler : nn.Module<Tensor, Tensor>
{
    private readonly Linear dense;

    public BertPooler(BertSettings settings, Device device)
        : base(nameof(BertPooler))
    {
        dense = new Linear(settings.Width, settings.Width, hasBias: true, device);
        RegisterComponents();
    }

    /// <summary>Maps the residual stream [row, position, dModel] to [row, dModel].</summary>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return scope.HandOut(dense.call(hidden.select(1, 0)).tanh()); // [row, dModel]
    }
}
