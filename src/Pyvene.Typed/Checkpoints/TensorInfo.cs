using static TorchSharp.torch;

namespace Pyvene.Typed.Checkpoints;

/// <summary>Describes a stored tensor without reading it.</summary>
/// <param name="Dtype">The dtype it is stored in.</param>
/// <param name="Shape">Its sizes, outermost axis first; empty for a scalar.</param>
public sealed record TensorInfo(ScalarType Dtype, IReadOnlyList<long> Shape)
{
    /// <summary>Returns the shape and dtype as text, such as <c>Float32 [768, 2304]</c>.</summary>
    public override string ToString() => $"{Dtype} [{string.Join(", ", Shape ?? [])}]";
}
