using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Running;

/// <summary>A module that has modules and no parameter: a fixed transform, [batch, width] to the same.</summary>
[InterventionModel]
internal sealed partial class FixedNet : nn.Module<Tensor, Tensor>
{
    private readonly Identity bend = nn.Identity();

    public FixedNet()
        : base("fixed") => RegisterComponents();

    public override Tensor forward(Tensor input) => bend.call(input) * 2;
}
