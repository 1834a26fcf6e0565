using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Says at which positions a language model computes logits; the head is a large part of a forward pass.</summary>
public abstract record LogitsSelection
{
    private LogitsSelection()
    {
    }

    /// <summary>Gets the selection of every position: logits [batch, position, vocab].</summary>
    public static LogitsSelection All { get; } = new Every();

    /// <summary>Gets the selection of no position: no logits are computed.</summary>
    public static LogitsSelection None { get; } = new Nothing();

    /// <summary>Returns the selection of the last <paramref name="count"/> columns: logits [batch, count, vocab].</summary>
    /// <param name="count">How many columns from the right edge, at least 1.</param>
    public static LogitsSelection Last(int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new Trailing(count);
    }

    /// <summary>Returns the selection of one column a row: logits [batch, 1, vocab].</summary>
    /// <param name="columns">The column of every row: int64 [batch]. Stays the caller's.</param>
    public static LogitsSelection At(Tensor columns) => new Columns(columns ?? throw new ArgumentNullException(nameof(columns)));

    /// <summary>Returns the rows of a hidden state that the head has to see.</summary>
    /// <param name="hidden">The hidden state: [batch, position, dModel].</param>
    /// <returns>A view or a fresh tensor [batch, selected, dModel]; <see langword="null"/> when nothing is selected.</returns>
    public abstract Tensor? Select(Tensor hidden);

    /// <summary>Returns how many positions a row are selected.</summary>
    /// <param name="positions">How many there are.</param>
    internal abstract long CountOf(long positions);

    /// <summary>Returns the selection for a batch whose rows are a selection of this one's.</summary>
    /// <param name="rows">For every new row the old row it continues: int64 [new row].</param>
    internal virtual LogitsSelection SelectRows(Tensor rows) => this;

    private static Tensor Given(Tensor hidden) => hidden ?? throw new ArgumentNullException(nameof(hidden));

    private sealed record Every : LogitsSelection
    {
        public override Tensor Select(Tensor hidden) => Given(hidden).alias();

        internal override long CountOf(long positions) => positions;
    }

    private sealed record Nothing : LogitsSelection
    {
        public override Tensor? Select(Tensor hidden) => null;

        internal override long CountOf(long positions) => 0;
    }

    private sealed record Trailing(int Count) : LogitsSelection
    {
        public override Tensor Select(Tensor hidden)
        {
            var count = Math.Min(Count, Given(hidden).shape[1]);
            return hidden.narrow(1, hidden.shape[1] - count, count); // [batch, count, dModel]
        }

        internal override long CountOf(long positions) => Math.Min(Count, positions);
    }

    private sealed record Columns(Tensor Index) : LogitsSelection
    {
        public override Tensor Select(Tensor hidden)
        {
            var index = Index.view(-1, 1, 1).expand(-1, 1, Given(hidden).shape[2]); // [batch, 1, dModel]
            return hidden.gather(1, index); // [batch, 1, dModel]
        }

        internal override long CountOf(long positions) => 1;

        internal override LogitsSelection SelectRows(Tensor rows) => new Columns(Index.Rows(rows)); // [new row]
    }
}
