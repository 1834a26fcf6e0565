using static TorchSharp.torch;

namespace Pyvene.Typed.Generation.Processors;

/// <summary>Turns the scores into log-probabilities that add up to 1 again after other processors.</summary>
/// <remarks>Reproduces <c>LogitNormalization</c> of transformers 4.57.6.</remarks>
internal sealed class LogSoftmaxProcessor : LogitsProcessor
{
    /// <inheritdoc/>
    protected override Tensor Process(Tensor tokens, Tensor scores) => scores.log_softmax(1);
}
