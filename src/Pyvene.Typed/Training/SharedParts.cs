using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;

namespace Pyvene.Typed.Training;

/// <summary>Keeps the clean parts of sets of examples, and hands them to every training that reads the same, one after another.</summary>
/// <param name="budget">How many bytes may be kept together.</param>
/// <param name="uses">How many trainings read the same.</param>
internal sealed class SharedParts(long budget, int uses = 1) : IDisposable
{
    private readonly Dictionary<ExampleColumns, CleanParts> kept = new(ReferenceEqualityComparer.Instance);
    private IReadOnlyList<(SiteSpec Site, int Source, bool Reads, bool HasOwnSpace)>? readings;

    /// <summary>Returns the parts of a set; they belong to this, and are there until a training reads something else.</summary>
    /// <param name="plan">The bound experiment.</param>
    /// <param name="columns">The examples; they must live as long.</param>
    /// <param name="batchSize">How many examples run together.</param>
    /// <param name="times">How often one training uses every example.</param>
    public CleanParts Of(InterventionPlan plan, ExampleColumns columns, int batchSize, double times)
    {
        if (readings is null || !readings.SequenceEqual(plan.Readings))
        {
            Clear();
            readings = plan.Readings;
        }

        if (kept.TryGetValue(columns, out var parts) && parts.IsKept) return parts;
        return kept[columns] = new CleanParts(plan, columns, batchSize, times * uses, budget - kept.Values.Sum(other => other.Bytes));
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    private void Clear()
    {
        foreach (var parts in kept.Values)
        {
            parts.Dispose();
        }

        kept.Clear();
    }
}
