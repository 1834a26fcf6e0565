using System.Collections.Immutable;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is which columns of a batch hold real tokens. It owns its mask.</summary>
internal sealed class RealTokens : IDisposable
{
    private readonly ImmutableArray<ImmutableArray<int>>? columns; // null = every column of every row
    private readonly long width;
    private readonly Device device;
    private Tensor? mask;

    private RealTokens(ImmutableArray<ImmutableArray<int>>? columns, int rows, long width, Device device) =>
        (this.columns, Rows, this.width, this.device) = (columns, rows, width, device);

    /// <summary>Gets where tokens are real: bool [batch, position].</summary>
    public Tensor Mask => mask ??= ToMask();

    /// <summary>Gets the number of real tokens of every row.</summary>
    public ImmutableArray<int> Lengths => field.IsDefault
        ? field = columns is { } some ? [.. some.Select(row => row.Length)] : [.. Enumerable.Repeat((int)width, Rows)]
        : field;

    /// <summary>Gets the number of rows.</summary>
    public int Rows { get; }

    /// <summary>Gets the column of the last real token of every row.</summary>
    public IReadOnlyList<long> LastColumns => columns is { } some ? [.. some.Select(row => (long)row[^1])] : [.. Enumerable.Repeat(width - 1, Rows)];

    /// <summary>Finds the real tokens of a batch.</summary>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="device">Where the mask is made.</param>
    public static RealTokens Of(TokenColumns tokens, Device device)
    {
        ImmutableArray<ImmutableArray<int>>? columns = !tokens.IsPadded ? null :
            [.. Enumerable.Range(0, (int)tokens.Rows)
                .Select(row => Enumerable.Range(0, (int)tokens.Length(row)).Select(index => (int)tokens.Column(row, index)).ToImmutableArray())];
        return new RealTokens(columns, (int)tokens.Rows, tokens.Columns, device);
    }

    /// <summary>Returns the column of a real token of a row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The row or the token does not exist.</exception>
    public int ColumnOf(int example, Index position)
    {
        if (example < 0 || example >= Rows)
        {
            throw new ArgumentOutOfRangeException(nameof(example), $"Example {example} does not exist; the run has {Rows} (0 to {Rows - 1}).");
        }

        var (count, index) = (Lengths[example], position.GetOffset(Lengths[example]));
        return index >= 0 && index < count
            ? columns?[example][index] ?? index
            : throw new ArgumentOutOfRangeException(nameof(position), $"Position {position} is outside of example {example}, which has {count} real tokens "
                + $"(0 to {count - 1}, or ^{count} to ^1).");
    }

    /// <inheritdoc/>
    public void Dispose() => mask?.Dispose();

    private Tensor ToMask()
    {
        if (columns is not { } some) return ones([Rows, width], dtype: @bool, device: device).DetachFromDisposeScope();
        var isReal = new bool[Rows * width];
        foreach (var (row, real) in some.Index())
        {
            foreach (var column in real) isReal[(row * width) + column] = true;
        }

        return tensor(isReal, [Rows, width], device: device).DetachFromDisposeScope();
    }
}
