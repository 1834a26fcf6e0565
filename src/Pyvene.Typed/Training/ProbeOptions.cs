namespace Pyvene.Typed.Training;

/// <summary>Says how linear probes are fitted and judged. Immutable.</summary>
public sealed record ProbeOptions
{
    /// <summary>
    /// Gets the weight of the L2 penalty: half of it times the sum of the squared weights is added to the summed loss of the examples (1 / C in scikit-learn).
    /// Default: 1.
    /// </summary>
    public double Penalty { get; init; } = 1;

    /// <summary>Gets the share of the examples of every label that the probe is judged on and not fitted to, between 0 and 1. Default: 0.3.</summary>
    public double HeldOut { get; init; } = 0.3;

    /// <summary>Gets the seed of what is held out and of the shuffled labels. Default: 0.</summary>
    public long Seed { get; init; }

    /// <summary>Gets how many examples the model runs together. Default: 64.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Refuses settings out of range.</summary>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        if (!(Penalty > 0 && double.IsFinite(Penalty)))
        {
            throw new ArgumentOutOfRangeException(nameof(Penalty), Penalty, "The penalty must be a number above 0, so that the fit has an end.");
        }

        if (!(HeldOut is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(HeldOut), HeldOut, "What is held out must be between 0 and 1.");
    }
}
