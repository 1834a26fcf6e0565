using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>
/// Computes the recurrence of a selective state space, in which every channel has states of its own: h = exp(Δ·A) ⊙ h + Δ·B·x and y = C·h + D·x. Source: Gu and
/// Dao, Mamba: Linear-Time Sequence Modeling with Selective State Spaces, 2023.
/// </summary>
internal static class SelectiveScan
{
    /// <summary>Runs the recurrence over all positions; states are float32 at least.</summary>
    /// <param name="values">x: [row, position, channel].</param>
    /// <param name="steps">Δ, the size of the step at every position: [row, position, channel].</param>
    /// <param name="rates">A: [state, channel], float32 at least.</param>
    /// <param name="gains">B: [row, position, state].</param>
    /// <param name="readings">C: [row, position, state].</param>
    /// <param name="skips">D: [channel].</param>
    /// <param name="state">The state before the first position, [row, state, channel]; <see langword="null"/> = 0.</param>
    /// <returns>Fresh tensors of the current dispose scope: y, [row, position, channel], and the last state, [row, state, channel].</returns>
    public static (Tensor Outputs, Tensor State) Apply(
        Tensor values, Tensor steps, Tensor rates, Tensor gains, Tensor readings, Tensor skips, Tensor? state)
    {
        using var scope = NewDisposeScope();
        var (outputs, last) = ScanKernel.Fits(values, steps, rates, gains, readings, skips, state)
            ? ScanKernel.Apply(values, steps, rates, gains, readings, skips, state)
            : Stepwise(values, steps, rates, gains, readings, skips, state);
        return (scope.HandOut(outputs), scope.HandOut(last));
    }

    private static (Tensor Outputs, Tensor State) Stepwise(
        Tensor values, Tensor steps, Tensor rates, Tensor gains, Tensor readings, Tensor skips, Tensor? state)
    {
        var wide = steps.Wide(); // [row, position, channel]
        var kept = wide.unsqueeze(2).mul(rates).exp().unbind(1); // position × [row, state, channel]
        var added = wide.mul(values.Wide()).unsqueeze(2).mul(gains.Wide().unsqueeze(3)).unbind(1); // position × [row, state, channel]
        var states = new Tensor[kept.Length]; // position × [row, state, channel]
        for (var position = 0; position < kept.Length; position++)
        {
            states[position] = (position == 0 ? state : states[position - 1]) is { } before
                ? added[position].addcmul(kept[position], before, Scalars.Of(1))
                : added[position];
        }

        var read = readings.unsqueeze(2).matmul(stack(states, 1).to(values.dtype)).squeeze(2); // [row, position, channel]
        return (read.addcmul(values, skips, Scalars.Of(1)), states[^1].clone());
    }
}
