using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is what a lane ended with; the tensors belong to the run.</summary>
/// <param name="Logits">[batch, position, vocab] or [batch, label]; null when the model has no head.</param>
/// <param name="LastHiddenState">[batch, position, dModel]; null unless the model is a bare one.</param>
/// <param name="Loss">A scalar; null without labels.</param>
internal sealed record LaneOutput(Tensor? Logits, Tensor? LastHiddenState, Tensor? Loss)
{
    /// <summary>Takes the rows of one lane out of the output of a pass.</summary>
    public static LaneOutput Rows(ModelOutput output, long start, long count, DisposeScopeKeeper keep)
    {
        return new LaneOutput(Part(output.Logits), Part(output.LastHiddenState), output.Loss is null ? null : keep(output.Loss.alias()));

        Tensor? Part(Tensor? tensor) => tensor is null ? null : keep(tensor.shape[0] == count ? tensor.alias() : tensor.narrow(0, start, count));
    }
}
