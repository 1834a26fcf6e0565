using Pyvene.Typed.Models;
using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is what a lane ended with; the tensors belong to the run.</summary>
/// <param name="Logits">[batch, position, vocab] or [batch, label]; null when the model has no head.</param>
/// <param name="LastHiddenState">[batch, position, dModel]; null unless the model is a bare one.</param>
/// <param name="PoolerOutput">[batch, …]; null unless the model is a bare one with a pooler.</param>
/// <param name="HiddenStates">As <see cref="ModelOutput.HiddenStates"/>; null when they were not asked for.</param>
/// <param name="Values">What a module without names for its results returned; null for a model that has them.</param>
/// <param name="Loss">A scalar; null without labels.</param>
internal sealed record LaneOutput(
    Tensor? Logits, Tensor? LastHiddenState, Tensor? PoolerOutput, IReadOnlyList<Tensor>? HiddenStates, IReadOnlyList<Tensor>? Values, Tensor? Loss)
{
    /// <summary>Gets what the run is for: the logits, else the last hidden state, else what the module returned first.</summary>
    public Tensor? Main => Logits ?? LastHiddenState ?? Values?[0];

    /// <summary>
    /// Gets a zero that every tensor of the output depends on, so that a backward pass tells whether it came through here; null when it was not asked for.
    /// </summary>
    public Tensor? Mark { get; private init; }

    /// <summary>Returns the output with a mark, in the current dispose scope, where gradients are recorded.</summary>
    public LaneOutput Marked()
    {
        if (!Tensors().Any(tensor => tensor.requires_grad))
        {
            return this;
        }

        var main = Tensors().First(tensor => tensor.requires_grad);
        var mark = zeros([], main.dtype, main.device, requires_grad: true);
        return new LaneOutput(
            With(Logits),
            With(LastHiddenState),
            With(PoolerOutput),
            HiddenStates?.Select(tensor => With(tensor)!).ToArray(),
            Values?.Select(tensor => With(tensor)!).ToArray(),
            With(Loss)) { Mark = mark };

        Tensor? With(Tensor? tensor) => tensor is { requires_grad: true } ? tensor.add(mark, Scalars.Of(1)) : tensor;
    }

    /// <summary>Takes the rows of one lane out of the output of a pass.</summary>
    public static LaneOutput Rows(ModelOutput output, long start, long count, DisposeScopeKeeper keep)
    {
        var loss = output.Loss is null ? null : keep(output.Loss.alias());
        return new LaneOutput(
            Part(output.Logits), Part(output.LastHiddenState), Part(output.PoolerOutput), Parts(output.HiddenStates), Parts(output.Values), loss);

        IReadOnlyList<Tensor>? Parts(IReadOnlyList<Tensor>? tensors) => tensors?.Select(tensor => Part(tensor)!).ToArray();

        Tensor? Part(Tensor? tensor) =>
            tensor is null ? null : keep(tensor.ndim == 0 || tensor.shape[0] == count ? tensor.alias() : tensor.narrow(0, start, count));
    }

    /// <summary>Returns every tensor of the output.</summary>
    public IEnumerable<Tensor> Tensors() =>
        ((Tensor?[])[Mark, Logits, LastHiddenState, PoolerOutput, Loss, .. HiddenStates ?? [], .. Values ?? []]).OfType<Tensor>();
}
