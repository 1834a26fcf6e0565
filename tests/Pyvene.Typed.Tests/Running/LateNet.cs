using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Running;

/// <summary>A module whose fields are not all set, registered or called.</summary>
[InterventionModel]
internal sealed partial class LateNet : nn.Module<Tensor, Tensor>
{
    private readonly Linear first = nn.Linear(4, 4);
    private readonly Linear unused = nn.Linear(4, 4);
    private readonly Linear missing = null!;
    private readonly Linear late;

    public LateNet()
        : base("late")
    {
        RegisterComponents();
        late = nn.Linear(4, 4);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return late.call(missing is null ? first.call(input) : unused.call(input)).MoveToOuterDisposeScope();
    }
}
