using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Running;

/// <summary>Takes values and a gate.</summary>
[InterventionModel]
public sealed partial class GatedNet : nn.Module<Tensor, Tensor, Tensor>
{
    [Component(Axes = "batch, dModel")] internal readonly Linear inner = nn.Linear(4, 4);

    public GatedNet()
        : base("gated") => RegisterComponents();

    public override Tensor forward(Tensor values, Tensor gate) => inner.call(values) * gate; // [batch, dModel]
}
