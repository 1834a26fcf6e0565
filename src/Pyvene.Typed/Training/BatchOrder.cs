namespace Pyvene.Typed.Training;

/// <summary>
/// Says which examples make up the batches of an epoch: examples with the same sources together, in an order that a seed and the epoch decide.
/// </summary>
/// <param name="columns">The examples.</param>
/// <param name="size">How many examples a batch has; the last of a kind may have fewer.</param>
internal sealed class BatchOrder(ExampleColumns columns, int size)
{
    private (int[] Kinds, int[] Counts)? kinds; // of every example, numbered in order, and how many there are of each
    /// <summary>Returns the batches of an epoch.</summary>
    /// <param name="seed">The seed of the order; null = the order of the set, where neighbours with the same sources make a batch.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    public IReadOnlyList<int[]> Of(long? seed, int epoch)
    {
        var rows = Enumerable.Range(0, columns.Count).ToArray();
        if (seed is not { } number) return [.. Runs(rows).SelectMany(run => run.Chunk(size))];
        var random = new Random(HashOf(number, epoch));
        random.Shuffle(rows);
        var batches = Grouped(rows).ToArray();
        random.Shuffle(batches);
        return batches;
    }

    /// <summary>Returns batches of all examples in which the same ones stand together always.</summary>
    public IEnumerable<int[]> Grouped() => Grouped([.. Enumerable.Range(0, columns.Count)]);

    /// <summary>Returns how many batches an epoch has, whatever its order.</summary>
    /// <param name="isShuffled">Whether a seed decides the order.</param>
    public int CountOf(bool isShuffled) => isShuffled
        ? columns.Given.CountBy(kind => kind).Sum(kind => (kind.Value + size - 1) / size)
        : Of(null, 0).Count;

    private IEnumerable<int[]> Grouped(int[] rows)
    {
        var (ofRow, counts) = kinds ??= Kinds();
        int[][] grouped = [.. counts.Select(count => new int[count])];
        var filled = new int[counts.Length];
        foreach (var row in rows)
        {
            grouped[ofRow[row]][filled[ofRow[row]]++] = row;
        }

        return grouped.SelectMany(group => group.Chunk(size));
    }

    private (int[] Kinds, int[] Counts) Kinds()
    {
        var numbers = columns.Given.Distinct().Order().Index().ToDictionary(kind => kind.Item, kind => kind.Index);
        int[] ofRow = [.. columns.Given.Select(given => numbers[given])];
        var counts = new int[numbers.Count];
        foreach (var kind in ofRow) counts[kind]++;
        return (ofRow, counts);
    }

    private IEnumerable<int[]> Runs(int[] rows)
    {
        var start = 0;
        for (var end = 1; end <= rows.Length; end++)
        {
            if (end == rows.Length || columns.Given[rows[end]] != columns.Given[rows[start]])
            {
                yield return rows[start..end];
                start = end;
            }
        }
    }

    // HashCode.Combine differs from process to process.
    private static int HashOf(long seed, int epoch)
    {
        var mixed = unchecked(((ulong)seed * 0x9E3779B97F4A7C15) + ((ulong)(uint)epoch * 0xBF58476D1CE4E5B9));
        return (int)((mixed ^ (mixed >> 32)) & 0x7FFFFFFF);
    }
}
