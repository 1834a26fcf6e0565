using Pyvene.Typed.Analysis;
using Pyvene.Typed.Engine;

namespace Pyvene.Typed.Running;

/// <summary>Is what metrics read off the cells of a sweep, as they come.</summary>
/// <param name="reader">Reads the metrics.</param>
/// <param name="cells">How many cells there are.</param>
internal sealed class CellReading(MetricReader reader, int cells)
{
    /// <summary>Gets what reads the metrics.</summary>
    public MetricReader Reader => reader;

    /// <summary>Gets what was read: [cell][metric].</summary>
    public Sample[][] Values { get; } = new Sample[cells][];

    /// <summary>Gets what was read off the clean run, one sample a metric, once a cell has come.</summary>
    public Sample[]? Clean { get; private set; }

    /// <summary>Reads a cell.</summary>
    public void Read(SweptCell swept)
    {
        Clean ??= reader.Read(swept.Clean, swept.Clean);
        Values[swept.Index] = reader.Read(swept.Logits, swept.Clean);
    }
}
