using System.Collections.Immutable;

namespace Pyvene.Typed;

/// <summary>Says which positions of a sequence are meant: from the start, from the end, by token text, or for every example by itself.</summary>
/// <remarks>
/// Immutable. Positions count real tokens: padding on either side never shifts them. They are resolved against each batch; a position that a row does not have
/// is an error that names it.
/// </remarks>
public abstract record Positions : IAxis<object, Index>
{
    private Positions()
    {
    }

    /// <summary>Gets all positions of a row.</summary>
    public static Positions All { get; } = new Span(Range.All);

    /// <summary>Returns single positions, each from the start or from the end (<c>^1</c> is the last token).</summary>
    /// <param name="positions">The positions, at least one, in the order in which they are paired with source positions.</param>
    public static Positions Of(params ReadOnlySpan<Index> positions) =>
        positions.Length > 0 ? new Indices([.. positions]) : throw new ArgumentException("At least one position is needed.", nameof(positions));

    /// <summary>Returns a half-open range of positions, as in <c>1..^1</c>.</summary>
    /// <param name="range">The range; it must not be empty in any row.</param>
    public static Positions In(Range range) => new Span(range);

    /// <summary>Returns the last token of the only occurrence of a text; none or several are an error that names them.</summary>
    /// <param name="text">The text, such as <c>Spain</c>.</param>
    public static Positions OfText(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        return new Token(text);
    }

    /// <summary>Returns the last token of the only occurrence of a text, of each example its own.</summary>
    /// <param name="texts">One text an example, such as <c>Spain</c> and <c>Peru</c>.</param>
    /// <exception cref="ArgumentException">There is none, or one is empty.</exception>
    public static Positions OfTexts(params IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return texts.Count > 0 && texts.All(text => !string.IsNullOrEmpty(text))
            ? new Tokens([.. texts])
            : throw new ArgumentException("Every example needs a text that is not empty.", nameof(texts));
    }

    /// <summary>Returns the positions that every prompt marks with a name, as in <c>Prompt.Of("The capital of Spain is").Mark("country", "Spain")</c>: each
    /// example of the base and of a source has its own.</summary>
    /// <param name="name">The name of the mark, such as <c>country</c>.</param>
    public static Positions Marked(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new Mark(name);
    }

    /// <summary>Returns positions for every example by itself, counted from its first real token.</summary>
    /// <param name="positions">One list an example; all of one length.</param>
    public static Positions PerExample(params IReadOnlyList<IReadOnlyList<int>> positions) => new Rows(IndexRows.PerExample(positions, "positions"));

    /// <summary>Returns indices of the tensor's position axis for every example by itself, padding included: what pyvene's unit locations are.</summary>
    /// <param name="columns">One list an example; all of one length.</param>
    public static Positions Columns(params IReadOnlyList<IReadOnlyList<int>> columns) => new Raw(IndexRows.PerExample(columns, "columns"));

    /// <summary>Converts a position, as in <c>At(^1)</c>.</summary>
    /// <param name="position">The position.</param>
    public static implicit operator Positions(Index position) => Of(position);

    /// <summary>Converts a position from the start.</summary>
    /// <param name="position">The position, from 0.</param>
    public static implicit operator Positions(int position) => Of(position);

    /// <summary>Converts positions from the start, as in <c>At(positions)</c>.</summary>
    /// <param name="positions">The positions, at least one, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is negative.</exception>
    public static implicit operator Positions(int[] positions) => FromStart(positions);

    /// <summary>Converts positions from the start, as in <c>At(positions)</c>.</summary>
    /// <param name="positions">The positions, at least one, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is negative.</exception>
    public static implicit operator Positions(List<int> positions) => FromStart(positions);

    /// <summary>Converts a range of positions.</summary>
    /// <param name="range">The range.</param>
    public static implicit operator Positions(Range range) => In(range);

    IReadOnlyList<AxisPoint<Index>> IAxis<object, Index>.PointsIn(AxisScope scope) => scope.Positions(this);

    IReadOnlyList<(string Name, IReadOnlyList<AxisPoint> Points)> IAxis<object, Index>.FactorsIn(AxisScope scope) => [("position", scope.Positions(this))];

    private static Positions FromStart(IReadOnlyCollection<int> positions) => positions.Where(position => position < 0).Take(1).ToArray() is [var wrong]
        ? throw new ArgumentOutOfRangeException(
            nameof(positions), wrong, "A position counts from the start, from 0. Positions from the end are ^1, ^2, …, as in Positions.Of(0, ^1).")
        : Of([.. positions.Select(position => (Index)position)]);

    /// <summary>Returns the positions in words: <c>position ^1</c>, <c>positions 1..3</c>, <c>the position of "Spain"</c>.</summary>
    public sealed override string ToString() => InWords("position", "positions");

    /// <summary>Returns them in words.</summary>
    /// <param name="one">What one is called: <c>position</c>, or <c>time step</c>.</param>
    /// <param name="many">What several are called.</param>
    internal abstract string InWords(string one, string many);

    /// <summary>Gets whether every example has positions of its own, told by its place in the batch.</summary>
    internal virtual bool IsPerExample => false;

    /// <summary>Returns the positions of other examples, where every one has its own.</summary>
    /// <param name="order">For every example the one whose positions it gets.</param>
    internal virtual Positions Dealt(IReadOnlyList<int> order) => this;

    /// <summary>Gets how many positions an example has; <see langword="null"/> when that depends on its length.</summary>
    internal virtual int? Count => null;

    internal sealed record Indices(ImmutableArray<Index> Values) : Positions
    {
        internal override string InWords(string one, string many) =>
            $"{(Values.Length == 1 ? one : many)} {Listing.Of([.. Values.Select(index => index.ToString())])}";

        internal override int? Count => Values.Length;

        public bool Equals(Indices? other) => other is not null && Values.SequenceEqual(other.Values);

        public override int GetHashCode() => Values.Aggregate(0, HashCode.Combine);
    }

    internal sealed record Span(Range Range) : Positions
    {
        internal override string InWords(string one, string many) => Range.Equals(Range.All) ? $"all {many}" : $"{many} {Range}";
    }

    internal sealed record Token(string Text) : Positions
    {
        internal override string InWords(string one, string many) => $"the {one} of \"{Text}\"";

        internal override int? Count => 1;
    }

    internal sealed record Tokens(ImmutableArray<string> Texts) : Positions
    {
        internal override string InWords(string one, string many) => $"the {many} of {Listing.Of([.. Texts.Select(text => $"\"{text}\"")])}, by example";

        internal override int? Count => 1;

        internal override bool IsPerExample => true;

        internal override Positions Dealt(IReadOnlyList<int> order) => new Tokens([.. order.Select(example => Texts[example])]);

        public bool Equals(Tokens? other) => other is not null && Texts.SequenceEqual(other.Texts);

        public override int GetHashCode() => Texts.Aggregate(0, HashCode.Combine);
    }

    internal sealed record Mark(string Name) : Positions
    {
        internal override string InWords(string one, string many) => $"the {many} marked \"{Name}\"";
    }

    internal sealed record Rows(IndexRows Index) : Positions
    {
        internal override string InWords(string one, string many) => Index.InWords(one, many);

        internal override int? Count => Index.Count;

        internal override bool IsPerExample => Index.IsPerExample;

        internal override Positions Dealt(IReadOnlyList<int> order) => new Rows(Index.Dealt(order));
    }

    internal sealed record Raw(IndexRows Index) : Positions
    {
        internal override string InWords(string one, string many) => Index.InWords("column", "columns");

        internal override int? Count => Index.Count;

        internal override bool IsPerExample => Index.IsPerExample;

        internal override Positions Dealt(IReadOnlyList<int> order) => new Raw(Index.Dealt(order));
    }
}
