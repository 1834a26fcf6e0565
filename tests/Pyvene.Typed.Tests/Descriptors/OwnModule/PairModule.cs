using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Descriptors.OwnModule;

/// <summary>Takes and gives two tensors.</summary>
internal sealed class PairModule() : nn.Module<Tensor, Tensor, (Tensor, Tensor)>(nameof(PairModule))
{
    public override (Tensor, Tensor) forward(Tensor hidden, Tensor keyStates) => (hidden * 2, keyStates * 3);
}
