using System.Collections.Immutable;
using System.Globalization;

namespace Pyvene.Typed;

/// <summary>Keeps non-negative indices along one axis: one row for all examples, or a row an example. Compares by content.</summary>
internal sealed record IndexRows
{
    /// <summary>The length of the longest range. A few characters of a file may ask for it, so it must fit into memory; axes are shorter by far.</summary>
    public const int LongestRange = 1 << 24;

    private IndexRows(ImmutableArray<ImmutableArray<int>> rows, bool isPerExample)
    {
        Rows = rows;
        IsPerExample = isPerExample;
        Largest = rows.SelectMany(row => row).DefaultIfEmpty().Max();
    }

    public ImmutableArray<ImmutableArray<int>> Rows { get; }

    public bool IsPerExample { get; }

    /// <summary>Gets the largest index.</summary>
    public int Largest { get; }

    /// <summary>Gets the number of indices in the longest row.</summary>
    public int Count => Rows.Max(row => row.Length);

    /// <summary>Gets whether rows differ in length.</summary>
    public bool IsRagged => Rows.Any(row => row.Length != Rows[0].Length);

    public static IndexRows Shared(ImmutableArray<int> row, string axis) => Check(new([row], isPerExample: false), axis);

    public static IndexRows Between(Range range, string axis) => range.Start.IsFromEnd || range.End.IsFromEnd
        ? throw new ArgumentException($"The range {range} of {axis} must count from the start on both ends, as in 0..4.", nameof(range))
        : range.End.Value - range.Start.Value > LongestRange
        ? throw new ArgumentException(
            $"The range {range} has {range.End.Value - range.Start.Value} {axis}; no axis has more than {LongestRange}.", nameof(range))
        : Shared([.. Enumerable.Range(range.Start.Value, Math.Max(0, range.End.Value - range.Start.Value))], axis);

    public static IndexRows PerExample(IEnumerable<IReadOnlyList<int>> rows, string axis, bool mayDiffer = false) =>
        Check(new([.. rows.Select(row => row.ToImmutableArray())], isPerExample: true), axis, mayDiffer);

    /// <summary>Returns the rows of a batch in which every example has several rows, as beams have.</summary>
    public IndexRows Repeated(int copies) =>
        copies == 1 || !IsPerExample ? this : new([.. Rows.SelectMany(row => Enumerable.Repeat(row, copies))], isPerExample: true);

    /// <summary>Returns the rows of other examples.</summary>
    /// <param name="order">For every example the one whose row it gets.</param>
    public IndexRows Dealt(IReadOnlyList<int> order) => new([.. order.Select(example => Rows[example])], isPerExample: true);

    /// <summary>Returns the indices in words, for messages: <c>head 3</c>, <c>features 0 to 63</c>, <c>heads [0, 1] and [2, 3], by example</c>.</summary>
    /// <param name="one">What one of them is called, such as <c>head</c>.</param>
    /// <param name="many">What several of them are called, such as <c>heads</c>.</param>
    public string InWords(string one, string many) => IsPerExample
        ? $"{many} {Listing.Of([.. Rows.Select(row => $"[{Listed(row)}]")])}, by example"
        : $"{(Rows[0].Length == 1 ? one : many)} {Listed(Rows[0])}";

    public bool Equals(IndexRows? other) =>
        other is not null
        && IsPerExample == other.IsPerExample
        && Rows.Length == other.Rows.Length
        && Rows.Zip(other.Rows).All(pair => pair.First.SequenceEqual(pair.Second));

    public override int GetHashCode() => Rows.SelectMany(row => row).Aggregate(0, HashCode.Combine);

    private static string Listed(ImmutableArray<int> row) => row.Length > 2 && row[^1] - row[0] == row.Length - 1 && row.SequenceEqual(row.Order())
        ? string.Create(CultureInfo.InvariantCulture, $"{row[0]} to {row[^1]}")
        : Listing.Of([.. row.Select(index => index.ToString(CultureInfo.InvariantCulture))]);

    private static IndexRows Check(IndexRows candidate, string axis, bool mayDiffer = false)
    {
        if (candidate.Rows.Length == 0 || candidate.Rows.Any(row => row.Length == 0) || (candidate.IsRagged && !mayDiffer))
        {
            throw new ArgumentException($"Every example needs {(mayDiffer ? $"{axis}, at least one" : $"the same number of {axis}, at least one")}.");
        }

        return candidate.Rows.SelectMany(row => row).FirstOrDefault(index => index < 0, 0) is < 0 and var negative
            ? throw new ArgumentException($"{negative} is not one of the {axis}: they count from 0.")
            : candidate;
    }
}
