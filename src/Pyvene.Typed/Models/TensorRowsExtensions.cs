using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Picks rows of a tensor.</summary>
internal static class TensorRowsExtensions
{
    /// <summary>Returns a fresh tensor of the rows that an index names: [new row, …].</summary>
    /// <remarks><c>index_select</c> would do the same, but has no kernel for the meta device.</remarks>
    public static Tensor Rows(this Tensor tensor, Tensor rows) => tensor.index(new[] { rows });
}
