using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Makes the parameters of a model.</summary>
internal static class Weights
{
    /// <summary>Returns a parameter whose memory is taken but not yet written: a checkpoint or a random initialisation fills it before the model is handed out.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="device">The device; <c>meta</c> takes no memory.</param>
    /// <returns>A float32 parameter without gradient, outside of every dispose scope.</returns>
    public static Parameter Unfilled(long[] shape, Device device)
    {
        var parameter = new Parameter(empty(shape, ScalarType.Float32, device), requires_grad: false);
        parameter.DetachFromDisposeScope();
        return parameter;
    }
}
