using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed;

/// <summary>
/// Is an axis whose values are known: those of a checkpoint, such as <c>Gpt2.Small.AllLayers</c>, or your own. It is also a list, for loops and LINQ.
/// Immutable.
/// </summary>
/// <typeparam name="T">The type of a value.</typeparam>
public sealed class KnownAxis<T> : IAxis<object, T>, IReadOnlyList<T>
{
    /// <summary>Initialises the axis; generated code calls this.</summary>
    /// <param name="word">What one value is called, such as <c>layer</c>.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="range">Which of them are meant.</param>
    /// <param name="at">Returns the value with an index.</param>
    /// <exception cref="InterventionException">The range does not lie in them.</exception>
    public KnownAxis(string word, int count, Range range, Func<int, T> at)
        : this(
            [.. Within(word, count, range).Select(index => new AxisPoint<T>(at(index), string.Create(CultureInfo.InvariantCulture, $"{word} {index}"), index))])
    {
        Word = word;
    }

    internal KnownAxis(ImmutableArray<AxisPoint<T>> points) => Points = points;

    private string Word { get; } = "value";

    /// <summary>Gets the values with their names.</summary>
    internal ImmutableArray<AxisPoint<T>> Points { get; }

    /// <inheritdoc/>
    public int Count => Points.Length;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The axis has fewer values.</exception>
    public T this[int index] => index >= 0 && index < Count ? Points[index].Value : throw new ArgumentOutOfRangeException(
        nameof(index), index, $"The axis has {Count} values (0 to {Count - 1}).");

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => Points.Select(point => point.Value).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    IReadOnlyList<AxisPoint<T>> IAxis<object, T>.PointsIn(AxisScope scope) => Points;

    IReadOnlyList<(string Name, IReadOnlyList<AxisPoint> Points)> IAxis<object, T>.FactorsIn(AxisScope scope) => [(Word, Points)];

    /// <summary>Returns the names of the values.</summary>
    public override string ToString() => string.Join(", ", Points.Select(point => point.Name));

    private static IEnumerable<int> Within(string word, int count, Range range)
    {
        var (start, end) = (range.Start.GetOffset(count), range.End.GetOffset(count));
        return start >= 0 && start < end && end <= count
            ? Enumerable.Range(start, end - start)
            : throw new InterventionException(
                word,
                $"The range {range} does not lie in the {count} that there are ({word} 0 to {count - 1}), or is empty; "
                    + $"a range names its end without it, as in 0..{count}.");
    }
}
