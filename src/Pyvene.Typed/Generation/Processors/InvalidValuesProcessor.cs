using static TorchSharp.torch;

namespace Pyvene.Typed.Generation.Processors;

/// <summary>Replaces NaN by 0 and infinities by the largest and smallest finite numbers of the dtype.</summary>
/// <remarks>Reproduces <c>InfNanRemoveLogitsProcessor</c> of transformers 4.57.6.</remarks>
internal sealed class InvalidValuesProcessor : LogitsProcessor
{
    /// <inheritdoc/>
    protected override Tensor Process(Tensor tokens, Tensor scores) => scores.nan_to_num();
}
