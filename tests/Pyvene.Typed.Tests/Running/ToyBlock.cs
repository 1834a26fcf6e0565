using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Running;

/// <summary>A layer of <see cref="ToyNet"/>: [batch, position, width] to the same.</summary>
[InterventionModel]
internal sealed partial class ToyBlock : nn.Module<Tensor, Tensor>
{
    [Component(Heads = 2)]
    private readonly Linear _value = nn.Linear(4, 4);
    private readonly Linear mix = nn.Linear(4, 4);

    public ToyBlock()
        : base("block") => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        using var value = _value.call(input);
        using var mixed = mix.call(value);
        return input + mixed;
    }
}
