using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Picks rows of a tensor.</summary>
internal static class TensorRowsExtensions
{
    /// <summary>Returns a fresh tensor of the rows that an index names: [new row, …].</summary>
    /// <remarks><c>index_select</c> copies whole rows, which is faster, but has no kernel for the meta device, and wants its index beside the tensor.</remarks>
    public static Tensor Rows(this Tensor tensor, Tensor rows) =>
        tensor.is_meta || rows.ndim != 1 || tensor.device_type != rows.device_type ? tensor.index(new[] { rows }) : tensor.index_select(0, rows);
}
