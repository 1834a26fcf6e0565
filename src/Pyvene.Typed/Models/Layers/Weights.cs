using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Makes the parameters of a model.</summary>
internal static class Weights
{
    /// <summary>
    /// Returns a parameter whose memory is taken but not yet written: a checkpoint or a random initialisation fills it before the model is handed out.
    /// </summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="device">The device; <c>meta</c> takes no memory.</param>
    /// <returns>A float32 parameter without gradient, outside of every dispose scope.</returns>
    public static Parameter Unfilled(long[] shape, Device device) => AsParameter(empty(shape, ScalarType.Float32, device));

    /// <summary>Returns a matrix as <see cref="Unfilled"/> does whose columns, not its rows, lie together in memory.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="device">The device.</param>
    public static Parameter UnfilledTurned(long rows, long columns, Device device)
    {
        using var memory = empty([columns, rows], ScalarType.Float32, device);
        return AsParameter(memory.t());
    }

    private static Parameter AsParameter(Tensor tensor)
    {
        var parameter = new Parameter(tensor, requires_grad: false);
        parameter.DetachFromDisposeScope();
        return parameter;
    }
}
