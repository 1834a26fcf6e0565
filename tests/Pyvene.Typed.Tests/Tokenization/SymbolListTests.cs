using CsCheck;
using Pyvene.Typed.Tokenization.Models;

namespace Pyvene.Typed.Tests.Tokenization;

public sealed class SymbolListTests
{
    private const int Letters = 4;

    // Merges over few symbols, later ones using what earlier ones make; lengths on both sides of where the method changes.
    private static readonly Gen<((int Left, int Right)[] Merges, int[] Symbols)> Cases = Gen.Select(
        Gen.Int[0, 1000].Array[2, 24].Where(numbers => numbers.Length % 2 == 0).Select(numbers =>
            Enumerable.Range(0, numbers.Length / 2)
                .Select(rank => (numbers[2 * rank] % (Letters + rank), numbers[2 * rank + 1] % (Letters + rank)))
                .Distinct()
                .ToArray()),
        Gen.Int[0, Letters - 1].Array[0, 120]);

    [Fact]
    public void TheLowestRankMergesFirstAndTheLeftmostOfEquals() => Cases.Holds(
        sample =>
        {
            var table = new MergeTable(sample.Merges.Length);
            foreach (var (rank, (left, right)) in sample.Merges.Index()) table.Add(left, right, rank, Letters + rank);
            var symbols = new SymbolList();
            foreach (var symbol in sample.Symbols) symbols.Add(symbol, 1);
            symbols.Merge(table);
            Assert.Equal(MergeSlowly(sample.Merges, sample.Symbols), Enumerable.Range(0, symbols.Count).Select(symbols.Id));
            Assert.Equal(sample.Symbols.Length, Enumerable.Range(0, symbols.Count).Sum(symbols.Width));
        },
        iter: 3000);

    private static List<int> MergeSlowly((int Left, int Right)[] merges, int[] symbols)
    {
        var merged = symbols.ToList();
        while (true)
        {
            var best = Enumerable.Range(0, Math.Max(0, merged.Count - 1))
                .Select(index => (Rank: Array.IndexOf(merges, (merged[index], merged[index + 1])), Index: index))
                .Where(pair => pair.Rank >= 0)
                .DefaultIfEmpty((Rank: -1, Index: -1))
                .Min();
            if (best.Rank < 0) return merged;
            merged[best.Index] = Letters + best.Rank;
            merged.RemoveAt(best.Index + 1);
        }
    }
}
