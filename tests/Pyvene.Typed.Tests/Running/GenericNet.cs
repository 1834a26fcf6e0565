using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Running;

/// <summary>A module with a type parameter for a part of it: [batch, 4] to the same, and one more.</summary>
/// <typeparam name="TActivation">The part.</typeparam>
[InterventionModel]
internal sealed partial class GenericNet<TActivation> : nn.Module<Tensor, Tensor>
    where TActivation : nn.Module<Tensor, Tensor>
{
    private readonly Linear first = nn.Linear(4, 4, hasBias: false);
    private readonly TActivation activation;

    public GenericNet(TActivation activation)
        : base("net")
    {
        this.activation = activation;
        RegisterComponents();
        nn.init.eye_(first.weight!); // what was drawn could be what the activation makes zero
    }

    public override Tensor forward(Tensor input) => activation.call(first.call(input)) + 1;
}
