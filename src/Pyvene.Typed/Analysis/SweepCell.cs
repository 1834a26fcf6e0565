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

    /// <summary>Gets the controls that the sweep ran in the cell's place; <see cref="Of"/> returns what came of each.</summary>
    public ImmutableArray<Control> Controls => [.. UnderControls.Select(one => one.Control)];

    /// <summary>Gets what came of every control.</summary>
    internal ImmutableArray<(Control Control, ImmutableArray<Sample> Values, ImmutableArray<EffectReceipt> Receipts)> UnderControls { get; init; } = [];

    /// <summary>Returns the cell of a control that the same sweep ran: what the metrics were in its stead, and what its interventions did.</summary>
    /// <remarks>The samples of <see cref="Values"/> have a value an example; those of several draws one a draw, the mean over the examples.</remarks>
    /// <param name="control">The control.</param>
    /// <exception cref="ArgumentException">The sweep did not run it.</exception>
    public SweepCell Of(Control control)
    {
        ArgumentNullException.ThrowIfNull(control);
        foreach (var one in UnderControls)
        {
            if (one.Control == control) return this with { Values = one.Values, Receipts = one.Receipts, UnderControls = [] };
        }

        throw control.NotRun(Controls, nameof(control));
    }

    /// <summary>Returns the cell in words.</summary>
    public override string ToString() => Names.IsDefault || Values.IsDefault ? "" : $"{string.Join(", ", Names)}: "
        + string.Join(", ", Values.Select(sample => sample.Mean.ToString("G6", CultureInfo.InvariantCulture)));
}
