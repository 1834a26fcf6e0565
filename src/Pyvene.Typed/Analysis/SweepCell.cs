using System.Collections.Immutable;
using System.Globalization;
using Pyvene.Typed.Analysis;

namespace Pyvene.Typed;

/// <summary>Is one cell of a sweep that is streamed. Immutable.</summary>
/// <param name="Index">The cell's place in the grid, from 0.</param>
/// <param name="Names">The names of its values, one an axis.</param>
/// <param name="Values">What the metrics read, in the order of <see cref="SweepGrid.Metrics"/>: a sample each, with a value an example.</param>
/// <param name="Clean">What they read off the clean base.</param>
/// <param name="Receipts">What the cell's interventions did.</param>
public sealed record SweepCell(
    int Index, ImmutableArray<string> Names, ImmutableArray<Sample> Values, ImmutableArray<Sample> Clean, ImmutableArray<EffectReceipt> Receipts)
{
    /// <summary>Gets whether the cell ran before and was read from the sweep's file.</summary>
    public bool IsFromFile { get; init; }

    /// <summary>Returns the cell in words.</summary>
    public override string ToString() => Names.IsDefault || Values.IsDefault ? "" : $"{string.Join(", ", Names)}: "
        + string.Join(", ", Values.Select(sample => sample.Mean.ToString("G6", CultureInfo.InvariantCulture)));
}
