using static TorchSharp.torch;

namespace Pyvene.Typed.Tests;

public sealed class LiveTensorsTests
{
    [Fact]
    public void ATensorIsCountedUntilItIsDisposed()
    {
        var before = LiveTensors.OfThisThread;
        Tensor kept;
        using (NewDisposeScope())
        {
            zeros(2);
            kept = zeros(2).DetachFromDisposeScope();
        }

        Assert.Equal(before + 1, LiveTensors.OfThisThread);
        kept.Dispose();
        Assert.Equal(before, LiveTensors.OfThisThread);
    }
}
