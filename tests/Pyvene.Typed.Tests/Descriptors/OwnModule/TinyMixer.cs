using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Descriptors.OwnModule;

/// <summary>Is the module of the walk-through in <c>docs/descriptors.md</c>: [batch, position, 8] to the same.</summary>
internal sealed class TinyMixer : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<MixerBlock> blocks = nn.ModuleList(new MixerBlock(), new MixerBlock());
    private readonly LayerNorm norm = nn.LayerNorm(8);

    public TinyMixer()
        : base("mixer") => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return norm.call(blocks.Aggregate(input, (x, block) => block.call(x))).MoveToOuterDisposeScope();
    }
}
