using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

/// <summary>Compares tensors that two roads to the same number gave.</summary>
internal static class Close
{
    /// <summary>Asserts equal shapes, and values that differ by rounding in float32 at most.</summary>
    public static void Equal(Tensor expected, Tensor actual, double tolerance = 1e-4)
    {
        Assert.Equal(expected.shape, actual.shape);
        using var scope = NewDisposeScope();
        var difference = (expected - actual).abs().max().Real();
        Assert.True(difference <= tolerance, $"largest difference {difference}, allowed {tolerance}");
    }
}
