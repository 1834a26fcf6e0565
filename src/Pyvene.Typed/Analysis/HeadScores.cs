namespace Pyvene.Typed.Analysis;

/// <summary>Is how much of its attention every head gives to a pattern: [layer, head], 0 to 1. Immutable.</summary>
public sealed class HeadScores
{
    private readonly double[,] values;

    internal HeadScores(HeadPattern pattern, double[,] values) => (Pattern, this.values) = (pattern, values);

    /// <summary>Gets the pattern.</summary>
    public HeadPattern Pattern { get; }

    /// <summary>Gets the number of layers.</summary>
    public int LayerCount => values.GetLength(0);

    /// <summary>Gets the number of heads of a layer.</summary>
    public int HeadCount => values.GetLength(1);

    /// <summary>Gets the score of a head: the mean, over all queries of all prompts that the pattern speaks of, of the weight that they give to it.</summary>
    /// <param name="layer">The layer, from 0.</param>
    /// <param name="head">The head, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such head.</exception>
    public double this[LayerIndex layer, QueryHead head] =>
        layer.Value >= 0 && layer.Value < LayerCount && head.Value >= 0 && head.Value < HeadCount
            ? values[layer.Value, head.Value]
            : throw new ArgumentOutOfRangeException(
                nameof(head), FormattableString.Invariant($"There is no head {head} of layer {layer}; there are {LayerCount} layers of {HeadCount} heads."));

    /// <summary>Gets the names of the rows.</summary>
    internal IReadOnlyList<string> Rows => [.. Enumerable.Range(0, LayerCount).Select(layer => FormattableString.Invariant($"layer {layer}"))];

    /// <summary>Gets the names of the columns.</summary>
    internal IReadOnlyList<string> Columns => [.. Enumerable.Range(0, HeadCount).Select(head => FormattableString.Invariant($"head {head}"))];

    /// <summary>Returns the heads that have most of the pattern, the highest score first.</summary>
    /// <param name="count">How many at most, at least 1.</param>
    public IReadOnlyList<HeadScore> Highest(int count = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return [.. Enumerable.Range(0, values.Length)
            .Select(place => new HeadScore(place / HeadCount, place % HeadCount, values[place / HeadCount, place % HeadCount]))
            .OrderByDescending(score => score.Score)
            .Take(count)];
    }

    /// <summary>Returns the scores: [layer, head]. A copy.</summary>
    public double[,] ToArray() => (double[,])values.Clone();

    /// <summary>Returns the table as text: every cell its number and a shade, the darker the higher.</summary>
    public override string ToString() => ShadedText.Of(Pattern.InWords(), Rows, Columns, values, score => score);
}
