using System.Collections;
using System.Collections.Immutable;
using Pyvene.Typed.Causal;

namespace Pyvene.Typed.Analysis;

/// <summary>Is what a metric reads off a batch, a number an example, with how sure its mean is. Immutable.</summary>
public sealed class Sample : IReadOnlyList<double>
{
    private readonly ImmutableArray<double> values;

    private Sample(ImmutableArray<double> values)
    {
        this.values = values;
        Mean = values.Average();
    }

    /// <inheritdoc/>
    public int Count => values.Length;

    /// <summary>Gets the mean over the examples.</summary>
    public double Mean { get; }

    /// <summary>Gets the standard error of the mean: the standard deviation of the examples (over n − 1), divided by √n.</summary>
    /// <exception cref="InvalidOperationException">There is one example only, which says nothing about others.</exception>
    public double StandardError => Math.Sqrt(Several("standard error").Sum(value => (value - Mean) * (value - Mean)) / (Count - 1) / Count);

    /// <inheritdoc/>
    public double this[int index] => values[index];

    /// <summary>Returns a sample of numbers, one an example.</summary>
    /// <param name="values">The numbers, at least one.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Sample Of(params ReadOnlySpan<double> values) => values.Length > 0
        ? new Sample([.. values])
        : throw new ArgumentException("A sample has a value an example; it was given none.", nameof(values));

    /// <summary>
    /// Returns an interval for the mean by the percentile bootstrap (Efron, 1979): examples are drawn with replacement again and again, and of the means of
    /// these draws the middle part is taken. The same seed always gives the same interval.
    /// </summary>
    /// <param name="confidence">How much of the means lies inside, between 0 and 1.</param>
    /// <param name="draws">How often so many examples are drawn as there are, at least 1.</param>
    /// <param name="seed">The seed of the draws.</param>
    /// <returns>The lower and the upper end; NaN when a value is.</returns>
    /// <exception cref="InvalidOperationException">There is one example only, which says nothing about others.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The confidence or the number of draws is out of range.</exception>
    public (double Low, double High) Interval(double confidence = 0.95, int draws = 10_000, long seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(confidence);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(confidence, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        if (!(confidence > 0)) throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "The confidence must be a number between 0 and 1.");
        var drawn = Several("bootstrap interval");
        if (drawn.Any(double.IsNaN)) return (double.NaN, double.NaN);
        var random = new CausalRandom(seed);
        var means = new double[draws];
        for (var draw = 0; draw < draws; draw++)
        {
            var sum = 0.0;
            for (var example = 0; example < drawn.Length; example++)
            {
                sum += drawn[random.Next(drawn.Length)];
            }

            means[draw] = sum / drawn.Length;
        }

        Array.Sort(means);
        return (Quantile((1 - confidence) / 2), Quantile((1 + confidence) / 2));

        // Between two means a straight line, as numpy.quantile and most others do.
        double Quantile(double part)
        {
            var place = part * (draws - 1);
            var below = (int)Math.Floor(place);
            var (low, high) = (means[below], means[Math.Min(below + 1, draws - 1)]);
            return low == high ? low : low + ((place - below) * (high - low));
        }
    }

    /// <inheritdoc/>
    public IEnumerator<double> GetEnumerator() => values.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private ImmutableArray<double> Several(string what) => Count > 1
        ? values
        : throw new InvalidOperationException(
            $"A {what} needs at least two examples, but there is one; give the sweep a prompt with several, as Prompt.Of(…).");
}
