using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions.Trainable;

/// <summary>
/// Computes soft windows: numbers near 1 between two bounds and near 0 outside of them, the sharper the lower the temperature. Write masks that learn where
/// they end with them, as <see cref="BoundlessRotatedSpace"/> does (Wu et al. 2023).
/// </summary>
public static class SoftBoundary
{
    /// <summary>Returns σ((x − lower) / T) · σ((upper − x) / T) for every value x (pyvene's <c>sigmoid_boundary</c>).</summary>
    /// <param name="values">The values, of any shape and real dtype; they stay the caller's.</param>
    /// <param name="lower">Where the window begins.</param>
    /// <param name="upper">Where it ends.</param>
    /// <param name="temperature">How soft it is, above 0.</param>
    /// <returns>A fresh tensor of the values' shape, 0 to 1, with gradients to the values.</returns>
    /// <exception cref="ArgumentException">A bound is not finite, or the temperature is not a number above 0.</exception>
    public static Tensor Sigmoid(Tensor values, double lower, double upper, double temperature)
    {
        Check(lower, upper, temperature);
        using var scope = NewDisposeScope();
        var (above, below) = Distances(values, lower, upper);
        return Product(above, below, full([], Scalars.Of(temperature), dtype: float64, device: values.device)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Returns a window that falls off to both sides alike: σ of the harmonic mean of the distances to the bounds between them, and of the negative distance to
    /// the nearer one outside, each divided by T (pyvene's <c>harmonic_sigmoid_boundary</c>). It is 0.5 at the bounds.
    /// </summary>
    /// <param name="values">The values, of any shape and real dtype; they stay the caller's.</param>
    /// <param name="lower">Where the window begins.</param>
    /// <param name="upper">Where it ends, above <paramref name="lower"/>.</param>
    /// <param name="temperature">How soft it is, above 0.</param>
    /// <returns>A fresh tensor of the values' shape, 0 to 1, with gradients to the values.</returns>
    /// <exception cref="ArgumentException">
    /// A bound is not finite, the window ends before it begins, or the temperature is not a number above 0.
    /// </exception>
    public static Tensor Harmonic(Tensor values, double lower, double upper, double temperature)
    {
        Check(lower, upper, temperature);
        if (!(lower < upper)) throw new ArgumentException(FormattableString.Invariant($"The window begins at {lower}, but ends at {upper}."), nameof(upper));
        using var scope = NewDisposeScope();
        var (above, below) = Distances(values, lower, upper);
        var nearer = minimum(above, below);
        var mean = above.mul(below).mul(Scalars.Of(2 / (upper - lower))); // 2ab / (a + b)
        return where(nearer.gt(Scalars.Of(0)), mean, nearer).div(Scalars.Of(temperature)).sigmoid().MoveToOuterDisposeScope();
    }

    /// <summary>Returns σ(above / T) · σ(below / T), where the bounds and the temperature may learn.</summary>
    /// <param name="above">How far the values lie above the lower bound.</param>
    /// <param name="below">How far they lie below the upper one.</param>
    /// <param name="temperature">How soft the window is: [].</param>
    internal static Tensor Product(Tensor above, Tensor below, Tensor temperature) => sigmoid(above.div(temperature)).mul(sigmoid(below.div(temperature)));

    private static (Tensor Above, Tensor Below) Distances(Tensor values, double lower, double upper)
    {
        ArgumentNullException.ThrowIfNull(values);
        return (values.sub(Scalars.Of(lower)), values.sub(Scalars.Of(upper)).neg());
    }

    private static void Check(double lower, double upper, double temperature)
    {
        if (!double.IsFinite(lower)) throw new ArgumentOutOfRangeException(nameof(lower), lower, "A bound must be a finite number.");
        if (!double.IsFinite(upper)) throw new ArgumentOutOfRangeException(nameof(upper), upper, "A bound must be a finite number.");
        if (temperature > 0 && double.IsFinite(temperature)) return;
        throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "The temperature must be a number above 0.");
    }
}
