using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Descriptors.OwnModule;

/// <summary>Adds a linear map of the features.</summary>
internal sealed class MixerBlock : nn.Module<Tensor, Tensor>
{
    private readonly Linear mix = nn.Linear(8, 8);

    public MixerBlock()
        : base(nameof(MixerBlock)) => RegisterComponents();

    public override Tensor forward(Tensor input) => input + mix.call(input);
}
