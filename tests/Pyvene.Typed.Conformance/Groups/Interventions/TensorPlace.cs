using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Interventions;

/// <summary>Is a module that returns what it gets: a place, <c>values</c>, where an intervention acts on a tensor without a model.</summary>
internal sealed class TensorPlace : nn.Module<Tensor, Tensor>
{
    private readonly Identity values = nn.Identity();
    private readonly Parameter device = new(zeros(1, device: GoldenDevice.Current));

    public TensorPlace()
        : base(nameof(TensorPlace)) => RegisterComponents();

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => values.call(input);
}
