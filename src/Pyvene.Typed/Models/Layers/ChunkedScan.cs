using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>
/// Computes the recurrence of a state space whose heads each have one rate: h = exp(Δ·A) · h + Δ·x ⊗ B and y = h·C + D·x. Inside of a chunk of positions it is
/// a product of matrices, as attention is; only from chunk to chunk it is a recurrence. Source: Dao and Gu, Transformers are SSMs, 2024.
/// </summary>
internal static class ChunkedScan
{
    private const long Chunk = 64; // work inside of a chunk grows with its square; the numbers do not depend on it

    /// <summary>Runs the recurrence over all positions, in float32 at least.</summary>
    /// <param name="values">x: [row, position, head, feature].</param>
    /// <param name="steps">Δ: [row, position, head].</param>
    /// <param name="rates">A: [head].</param>
    /// <param name="gains">B: [row, position, group, state]; as many heads as there are in each group share it.</param>
    /// <param name="readings">C: [row, position, group, state].</param>
    /// <param name="skips">D: [head].</param>
    /// <param name="state">The state before the first position, [row, head, state, feature]; <see langword="null"/> = 0.</param>
    /// <returns>
    /// Fresh tensors of the current dispose scope: y, [row, position, head, feature], and the state behind the last position, [row, head, state, feature].
    /// </returns>
    public static (Tensor Outputs, Tensor State) Apply(
        Tensor values, Tensor steps, Tensor rates, Tensor gains, Tensor readings, Tensor skips, Tensor? state)
    {
        using var scope = NewDisposeScope();
        var (x, dt, rate) = (values.Wide(), steps.Wide(), rates.Wide());
        var (b, c) = (gains.Wide(), readings.Wide());
        var outputs = new List<Tensor>();
        for (var first = 0L; first < x.shape[1]; first += Chunk)
        {
            using var inner = NewDisposeScope();
            var length = Math.Min(Chunk, x.shape[1] - first);
            var before = state;
            var (made, next) = Run(
                x.narrow(1, first, length), dt.narrow(1, first, length), rate, b.narrow(1, first, length), c.narrow(1, first, length), before);
            outputs.Add(inner.HandOut(made));
            state = inner.HandOut(next);
        }

        var sum = outputs.Count == 1 ? outputs[0] : cat(outputs, 1); // [row, position, head, feature]
        return (scope.HandOut(sum.addcmul(x, skips.Wide().unsqueeze(-1), Scalars.Of(1))), scope.HandOut(state!));
    }

    private static (Tensor Outputs, Tensor State) Run(Tensor x, Tensor dt, Tensor rates, Tensor b, Tensor c, Tensor? state)
    {
        var (length, heads, groups) = (x.shape[1], x.shape[2], b.shape[2]);
        var fed = x.mul(dt.unsqueeze(-1)).transpose(1, 2); // Δ·x: [row, head, position, feature]
        var decays = dt.mul(rates).transpose(1, 2).cumsum(-1); // the logarithm of what is left of the state before: [row, head, position]
        var gains = b.transpose(1, 2); // [row, group, position, state]
        var readings = c.transpose(1, 2); // [row, group, position, state]
        var later = ones([length, length], ScalarType.Bool, x.device).triu(1); // [position, source]
        var between = decays.unsqueeze(-1).sub(decays.unsqueeze(-2)).masked_fill(later, Scalars.Of(double.NegativeInfinity)).exp(); // [row, head, …]
        var weights = ByHead(readings.matmul(gains.transpose(-1, -2))).mul(between); // [row, head, position, source]
        var outputs = weights.matmul(fed); // [row, head, position, feature]

        var left = decays.narrow(-1, length - 1, 1); // [row, head, 1]
        var kept = left.sub(decays).exp().unsqueeze(-1); // [row, head, position, 1]
        var next = ByHead(gains.transpose(-1, -2)).matmul(fed.mul(kept)); // [row, head, state, feature]
        if (state is not null)
        {
            outputs = outputs.addcmul(ByHead(readings).matmul(state), decays.exp().unsqueeze(-1), Scalars.Of(1)); // [row, head, position, feature]
            next = next.addcmul(state, left.exp().unsqueeze(-1), Scalars.Of(1)); // [row, head, state, feature]
        }

        return (outputs.transpose(1, 2), next);

        Tensor ByHead(Tensor shared) => groups == heads ? shared : shared.repeat_interleave(heads / groups, 1); // [row, head, …]
    }
}
