using System.Collections.Immutable;

namespace Pyvene.Typed.Training;

/// <summary>Says how the temperature of soft masks and boundaries falls over the steps of a training (pyvene's <c>set_temperature</c>). Immutable.</summary>
public sealed record TemperatureSchedule
{
    private TemperatureSchedule(ImmutableArray<double> points, bool isPerStep) => (Points, IsPerStep) = (points, isPerStep);

    /// <summary>Gets the temperatures: start and end, or one a step.</summary>
    public ImmutableArray<double> Points { get; }

    /// <summary>Gets whether there is one a step; the last holds on.</summary>
    public bool IsPerStep { get; }

    /// <summary>Returns temperatures that go in a line from the first step to the last.</summary>
    /// <param name="start">The first, above 0, such as 50.</param>
    /// <param name="end">The last, above 0, such as 0.1.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is not above 0.</exception>
    public static TemperatureSchedule Linear(double start, double end) => new([Checked(start), Checked(end)], isPerStep: false);

    /// <summary>Returns one temperature for every step; the last holds on.</summary>
    /// <param name="temperatures">The temperatures, at least one, above 0.</param>
    /// <exception cref="ArgumentException">There is none, or one is not above 0.</exception>
    public static TemperatureSchedule Of(params IReadOnlyList<double> temperatures) => temperatures is { Count: > 0 }
        ? new([.. temperatures.Select(Checked)], isPerStep: true)
        : throw new ArgumentException("At least one temperature is needed.", nameof(temperatures));

    /// <inheritdoc/>
    public bool Equals(TemperatureSchedule? other) => other is not null && IsPerStep == other.IsPerStep && Points.SequenceEqual(other.Points);

    /// <inheritdoc/>
    public override int GetHashCode() => Points.Aggregate(0, HashCode.Combine);

    /// <summary>Returns the temperature of a step.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="all">How many steps there will be.</param>
    internal double At(long step, long all) => IsPerStep
        ? Points[(int)Math.Min(step, Points.Length - 1)]
        : Points[0] + ((Points[1] - Points[0]) * (all < 2 ? 0 : (double)step / (all - 1)));

    private static double Checked(double temperature) => temperature > 0 && double.IsFinite(temperature)
        ? temperature
        : throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "A temperature must be above 0: a soft mask divides by it.");
}
