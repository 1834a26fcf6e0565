using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>
/// Is a convolution over positions, every channel by itself, in which a position sees itself and those before it. TorchSharp's own fills its weight with random
/// numbers first, and knows no positions before the first.
/// </summary>
/// <remarks>
/// It is a sum of products, not oneDNN's convolution, which gives wrong numbers on some processors (docs/decisions/0004). Positions before the first are
/// those of the call before, or 0.
/// </remarks>
internal sealed class CausalConv1d : nn.Module<Tensor, Tensor?, Tensor>
{
    private readonly Parameter weight; // [channel, 1, kernel]
    private readonly Parameter? bias; // [channel]

    public CausalConv1d(long channels, long kernel, bool hasBias, Weights weights)
        : base(nameof(CausalConv1d))
    {
        weight = weights.Unfilled(channels, 1, kernel);
        bias = hasBias ? weights.Unfilled(channels) : null;
        RegisterComponents();
    }

    /// <summary>Maps [row, channel, position] to the same shape.</summary>
    /// <param name="input">[row, channel, position]; it is fastest when the channels of a position lie together in memory.</param>
    /// <param name="before">The inputs of the positions before, [row, kernel − 1, channel]; <see langword="null"/> = there are none.</param>
    public override Tensor forward(Tensor input, Tensor? before)
    {
        using var scope = NewDisposeScope();
        var (count, length) = (weight.shape[2], input.shape[2]);
        var seen = WithBefore(input.transpose(1, 2), before); // [row, kernel − 1 + position, channel]
        var taps = weight.squeeze(1).t().contiguous(); // [kernel, channel]
        var sum = seen.narrow(1, 0, length).mul(taps[0]); // [row, position, channel]
        for (var tap = 1L; tap < count; tap++)
        {
            sum = sum.addcmul(seen.narrow(1, tap, length), taps[tap], Scalars.Of(1));
        }

        return scope.HandOut((bias is null ? sum : sum.add(bias, Scalars.Of(1))).transpose(1, 2)); // [row, channel, position]
    }

    /// <summary>Returns what a next call has before its first position.</summary>
    /// <param name="inputs">The inputs of this call: [row, position, channel].</param>
    /// <param name="before">Those before them, as for the call.</param>
    /// <returns>A fresh tensor: [row, kernel − 1, channel].</returns>
    public Tensor Last(Tensor inputs, Tensor? before)
    {
        using var scope = NewDisposeScope();
        var (kept, length) = (weight.shape[2] - 1, inputs.shape[1]);
        return scope.HandOut(length >= kept
            ? inputs.narrow(1, length - kept, kept).clone()
            : WithBefore(inputs, before).narrow(1, length, kept).clone());
    }

    private Tensor WithBefore(Tensor inputs, Tensor? before) =>
        cat([before ?? zeros([inputs.shape[0], weight.shape[2] - 1, inputs.shape[2]], inputs.dtype, inputs.device), inputs], 1);
}
