using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Pyvene.Typed;

/// <summary>
/// Is what a sweep reads off every cell in one pass: one metric, or several as <c>[Metric.Probability(" Rome"), Metric.DivergenceFromClean]</c>. Immutable.
/// </summary>
[CollectionBuilder(typeof(Metrics), nameof(Of))]
public sealed class Metrics : IReadOnlyList<Metric>
{
    private readonly ImmutableArray<Metric> metrics;

    private Metrics(ImmutableArray<Metric> metrics) => this.metrics = metrics;

    /// <inheritdoc/>
    public int Count => metrics.Length;

    /// <inheritdoc/>
    public Metric this[int index] => metrics[index];

    /// <summary>Returns several metrics; a sweep's table shows the first, and <c>table.Of(metric)</c> another.</summary>
    /// <param name="metrics">The metrics, at least one.</param>
    /// <exception cref="ArgumentException">There is none, or one is null.</exception>
    public static Metrics Of(params ReadOnlySpan<Metric> metrics)
    {
        ImmutableArray<Metric> all = [.. metrics];
        return all.Length > 0 && all.All(metric => metric is not null)
            ? new Metrics(all)
            : throw new ArgumentException("A sweep reads at least one metric, and none that is null.", nameof(metrics));
    }

    /// <summary>Converts one metric.</summary>
    /// <param name="metric">The metric.</param>
    public static implicit operator Metrics(Metric metric) => Of(metric.Given());

    /// <inheritdoc/>
    public IEnumerator<Metric> GetEnumerator() => metrics.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Returns the names of the metrics.</summary>
    public override string ToString() => string.Join(", ", metrics.Select(metric => metric.Name));
}
