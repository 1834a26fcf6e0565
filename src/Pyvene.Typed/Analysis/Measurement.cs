using System.Collections.Immutable;
using System.Globalization;

namespace Pyvene.Typed.Analysis;

/// <summary>Is what a metric reads off one run. Immutable.</summary>
/// <param name="Metric">The metric's name.</param>
/// <param name="Intervened">The values of the intervened run, one an example.</param>
/// <param name="Clean">Those of the clean run; <see langword="null"/> when it was left out.</param>
public sealed record Measurement(string Metric, ImmutableArray<double> Intervened, ImmutableArray<double>? Clean)
{
    /// <summary>Gets the values of the intervened run, one an example.</summary>
    public ImmutableArray<double> Intervened { get; init; } = Intervened.IsDefaultOrEmpty
        ? throw new ArgumentException("A measurement has a value an example; it was given none.", nameof(Intervened))
        : Intervened;

    /// <summary>Gets the mean over the examples of the intervened run.</summary>
    public double Mean => Intervened.Average();

    /// <summary>Returns the means as text.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Metric}: {Mean:G6}{(Clean is { } clean ? string.Create(CultureInfo.InvariantCulture, $", clean {clean.Average():G6}") : "")}");
}
