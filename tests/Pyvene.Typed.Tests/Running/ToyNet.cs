using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Running;

/// <summary>A module of a user's own: [batch, position, width] to [batch, position, class].</summary>
[InterventionModel]
internal sealed partial class ToyNet : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<ToyBlock> blocks = nn.ModuleList(new ToyBlock(), new ToyBlock());
    [ComponentName(Name = "lm_head")]
    [Component(Axes = "batch, position, class")]
    private readonly Linear head = nn.Linear(4, 3);

    public ToyNet()
        : base("toy") => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input;
        foreach (var block in blocks)
        {
            x = block.call(x);
        }

        return head.call(x).MoveToOuterDisposeScope();
    }
}
