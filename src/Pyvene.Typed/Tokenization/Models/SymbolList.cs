namespace Pyvene.Typed.Tokenization.Models;

/// <summary>The symbols of one piece while neighbours are merged: always the pair of lowest rank, the leftmost of equals.</summary>
internal sealed class SymbolList
{
    // Below this, looking at all pairs in every round is faster than a queue.
    private const int ScanLimit = 40;
    private readonly PriorityQueue<int, long> queue = new();
    private Symbol[] symbols = new Symbol[64];

    public int Count { get; private set; }

    public void Clear() => Count = 0;

    /// <summary>Adds a symbol that stands for <paramref name="width"/> bytes of the piece in UTF-8.</summary>
    public void Add(int id, int width)
    {
        if (Count == symbols.Length)
        {
            Array.Resize(ref symbols, Count * 2);
        }

        symbols[Count] = new Symbol { Id = id, Width = width, Previous = Count - 1, Next = Count + 1 };
        Count++;
    }

    /// <summary>Merges as long as a pair can be, then closes the gaps.</summary>
    public void Merge(MergeTable merges)
    {
        if (Count <= ScanLimit)
        {
            MergeByScanning(merges);
        }
        else
        {
            MergeByQueue(merges);
        }
    }

    public int Id(int index) => symbols[index].Id;

    public int Width(int index) => symbols[index].Width;

    private void MergeByScanning(MergeTable merges)
    {
        var symbols = this.symbols.AsSpan();
        for (var index = 0; index + 1 < Count; index++)
        {
            Look(merges, index, index + 1);
        }

        while (true)
        {
            var best = -1;
            var bestRank = int.MaxValue;
            for (var index = 0; index + 1 < Count; index++)
            {
                if (symbols[index].Rank < bestRank)
                {
                    (best, bestRank) = (index, symbols[index].Rank);
                }
            }

            if (best < 0)
            {
                return;
            }

            symbols[best].Id = symbols[best].MergedId;
            symbols[best].Width += symbols[best + 1].Width;
            symbols[(best + 2)..Count].CopyTo(symbols[(best + 1)..]);
            Count--;
            if (best > 0)
            {
                Look(merges, best - 1, best);
            }

            if (best + 1 < Count)
            {
                Look(merges, best, best + 1);
            }
        }
    }

    private void MergeByQueue(MergeTable merges)
    {
        queue.Clear();
        for (var index = 0; index + 1 < Count; index++)
        {
            Enqueue(merges, index);
        }

        while (queue.TryDequeue(out var left, out var priority))
        {
            ref var symbol = ref symbols[left];

            // An entry is stale where its left symbol is gone or now makes another pair.
            if (symbol.Width < 0 || symbol.Next >= Count || symbol.Rank != (int)(priority >> 32))
            {
                continue;
            }

            ref var right = ref symbols[symbol.Next];
            symbol.Id = symbol.MergedId;
            symbol.Width += right.Width;
            right.Width = -1;
            symbol.Next = right.Next;
            if (symbol.Next < Count)
            {
                symbols[symbol.Next].Previous = left;
            }

            Enqueue(merges, left);
            if (symbol.Previous >= 0)
            {
                Enqueue(merges, symbol.Previous);
            }
        }

        var kept = 0;
        for (var index = 0; index < Count; index = symbols[index].Next)
        {
            (symbols[kept].Id, symbols[kept].Width) = (symbols[index].Id, symbols[index].Width);
            kept++;
        }

        Count = kept;
    }

    private void Enqueue(MergeTable merges, int left)
    {
        ref var symbol = ref symbols[left];
        symbol.Rank = int.MaxValue;
        if (symbol.Next < Count)
        {
            Look(merges, left, symbol.Next);
            if (symbol.Rank != int.MaxValue)
            {
                queue.Enqueue(left, (long)symbol.Rank << 32 | (uint)left); // the lowest rank first, then the leftmost
            }
        }
    }

    private void Look(MergeTable merges, int left, int right)
    {
        ref var symbol = ref symbols[left];
        symbol.Rank = merges.TryGet(symbol.Id, symbols[right].Id, out var rank, out symbol.MergedId) ? rank : int.MaxValue;
    }

    private struct Symbol
    {
        public int Id;
        public int Width;
        public int Previous;
        public int Next;
        public int Rank;
        public int MergedId;
    }
}
