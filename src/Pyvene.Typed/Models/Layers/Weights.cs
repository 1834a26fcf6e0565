using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Makes the parameters of a model, each at once where and as it is wanted: none is made in another dtype and converted.</summary>
/// <param name="Device">The device; <c>meta</c> takes no memory.</param>
/// <param name="Dtype">The floating-point dtype.</param>
internal sealed record Weights(Device Device, ScalarType Dtype)
{
    /// <summary>Gets the names of the tensors that are read into the parameters; <see langword="null"/> = none are, so that nothing is left out.</summary>
    public IReadOnlyCollection<string>? Stored { get; init; }

    /// <summary>Returns whether a part that a model can do without is made: files have it or leave it out.</summary>
    /// <param name="part">Its module path in the bare model.</param>
    public bool Have(string part) => Stored?.Any(name => $".{name}".Contains($".{part}.", StringComparison.Ordinal)) ?? true;

    /// <summary>
    /// Returns a parameter whose memory is taken but not yet written: a checkpoint or a random initialisation fills it before the model is handed out.
    /// </summary>
    /// <param name="shape">The sizes.</param>
    /// <returns>A parameter without gradient, outside of every dispose scope.</returns>
    public Parameter Unfilled(params long[] shape) => AsParameter(empty(shape, Dtype, Device));

    /// <summary>Returns a matrix as <see cref="Unfilled"/> does whose columns, not its rows, lie together in memory.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    public Parameter UnfilledTurned(long rows, long columns)
    {
        using var memory = empty([columns, rows], Dtype, Device);
        return AsParameter(memory.t());
    }

    private static Parameter AsParameter(Tensor tensor)
    {
        var parameter = new Parameter(tensor, requires_grad: false);
        parameter.DetachFromDisposeScope();
        return parameter;
    }
}
