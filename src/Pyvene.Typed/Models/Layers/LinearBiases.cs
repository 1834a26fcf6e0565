using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>
/// Makes what is added to the scores of every head: its slope times the position of the key (ALiBi). Source: Press et al., Train Short, Test Long, 2021.
/// </summary>
internal sealed class LinearBiases(LinearBiasSettings settings) : IScoreBiases
{
    private readonly float[] slopes = [.. Slopes(settings.HeadCount)];

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Positions are given that are not those which the mask says.</exception>
    public Tensor At(ModelInputs inputs, Tensor hidden, long past)
    {
        using var scope = NewDisposeScope();
        var queries = hidden.shape[1];
        var real = inputs.AttentionMask is { } mask && mask.dim() == 2 ? mask.to(ScalarType.Int64) : null; // [row, key]
        var positions = real is null || settings.CountsPadding
            ? arange(Scalars.Of(0), Scalars.Of(past + queries), Scalars.Of(1), ScalarType.Int64, hidden.device).unsqueeze(0)
            : real.cumsum(1).sub(Scalars.Of(1)).mul(real); // [row or 1, key]
        Check(inputs.PositionIds, positions.narrow(1, past, queries), real?.narrow(1, past, queries));
        var rounding = settings.Rounding ?? ScalarType.Float32;
        var steep = tensor(slopes, device: hidden.device).to(rounding).view(1, -1, 1, 1);
        var biases = positions.to(rounding).unsqueeze(1).unsqueeze(1).mul(steep).to(ScalarType.Float32); // [row or 1, head, 1, key]
        return scope.HandOut(settings.Scale == 1 ? biases : biases.mul(Scalars.Of(settings.Scale)));
    }

    // Distances are all that counts, so that given positions may begin anywhere.
    private static void Check(Tensor? given, Tensor own, Tensor? real)
    {
        if (given is null || given.is_meta)
        {
            return;
        }

        var padding = real?.eq(Scalars.Of(0)) ?? zeros(given.shape, ScalarType.Bool, given.device); // [row, position]
        var offsets = given.sub(own); // [row, position]
        var least = offsets.masked_fill(padding, Scalars.Of(int.MaxValue)).amin([1]); // [row]
        var most = offsets.masked_fill(padding, Scalars.Of(int.MinValue)).amax([1]); // [row]
        if (most.gt(least).any().IsTrue())
        {
            throw new ArgumentException(
                "PositionIds do not count up with the tokens, but this model measures distances by counting the tokens of the mask (ALiBi). Leave PositionIds "
                    + "out.",
                nameof(ModelInputs.PositionIds));
        }
    }

    // For a power of two the slopes fall from head to head by the same factor; other counts take the odd ones of the next power behind them.
    private static IEnumerable<float> Slopes(long heads)
    {
        var power = 1L << (int)Math.Log2(heads);
        for (var head = 0L; head < heads; head++)
        {
            var exponent = head < power ? 8.0 * (head + 1) / power : 4.0 * ((2 * (head - power)) + 1) / power;
            yield return (float)Math.Pow(2, -exponent);
        }
    }
}
