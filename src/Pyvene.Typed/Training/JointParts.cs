using Pyvene.Typed.Engine;
using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

/// <summary>Keeps the clean parts of one set of examples for many cells, which one run of every base and source shows.</summary>
internal sealed class JointParts : IDisposable
{
    private readonly Dictionary<int, CleanParts> kept = [];

    /// <summary>Computes the parts.</summary>
    /// <param name="sweep">The cells.</param>
    /// <param name="cells">Those whose parts are kept, by their place in the sweep.</param>
    /// <param name="columns">The examples; they must live as long.</param>
    /// <param name="batchSize">How many examples run together in a training.</param>
    public JointParts(InterventionSweep sweep, IReadOnlyList<(int Place, InterventionPlan Plan)> cells, ExampleColumns columns, int batchSize)
    {
        int[][] batches = [.. new BatchOrder(columns, columns.TogetherWithoutGradients(batchSize)).Grouped()];
        foreach (var (place, plan) in cells)
        {
            kept[place] = new CleanParts(plan, columns, batches);
        }

        foreach (var rows in batches)
        {
            using var scope = NewDisposeScope();
            var batch = columns.Take(rows);
            var open = kept.ToArray();
            if (open.Length == 0) return;
            var read = sweep.ReadClean(batch.Base, batch.Sources, [.. open.Select(item => (item.Key, item.Value.FirstIn(batch.Base)))]);
            foreach (var ((place, parts), part) in open.Zip(read))
            {
                if (parts.TryPut(rows, batch, part)) continue;
                parts.Dispose();
                kept.Remove(place);
            }
        }
    }

    /// <summary>Returns the parts of a cell; <see langword="null"/> = they cannot be kept.</summary>
    /// <param name="place">Its place in the sweep.</param>
    public CleanParts? Of(int place) => kept.GetValueOrDefault(place);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var parts in kept.Values)
        {
            parts.Dispose();
        }
    }
}
