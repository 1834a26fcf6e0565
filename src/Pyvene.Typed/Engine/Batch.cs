using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is the input of one run with what positions need to be resolved in it: which columns hold real tokens, and what the tokens say.</summary>
internal sealed class Batch
{
    private readonly Lazy<long[][]?> realColumns;

    /// <summary>Initialises the batch.</summary>
    /// <param name="inputs">The inputs; they stay the caller's.</param>
    /// <param name="texts">The text of every example with the span of every real token in it; null when only ids are known.</param>
    public Batch(ModelInputs inputs, IReadOnlyList<TokenizedText>? texts = null)
    {
        Inputs = inputs;
        Texts = texts;
        var shaped = inputs.InputIds ?? inputs.InputsEmbeds
            ?? throw new InterventionException("base", "The inputs hold neither InputIds nor InputsEmbeds.");
        if (shaped.ndim < 2)
        {
            throw new InterventionException("base", $"The inputs must be [batch, position], but are [{string.Join(", ", shaped.shape)}].");
        }

        (Rows, Columns) = (shaped.shape[0], shaped.shape[1]);
        realColumns = new(ReadMask);
    }

    public ModelInputs Inputs { get; }

    public IReadOnlyList<TokenizedText>? Texts { get; }

    public long Rows { get; }

    public long Columns { get; }

    public Device Device => (Inputs.InputIds ?? Inputs.InputsEmbeds)!.device;

    /// <summary>Gets whether some column of some row is padding.</summary>
    public bool IsPadded => realColumns.Value is not null;

    /// <summary>Returns the number of real tokens of a row.</summary>
    public long Length(int row) => realColumns.Value?[row].Length ?? Columns;

    /// <summary>Returns the column of the <paramref name="index"/>-th real token of a row.</summary>
    public long Column(int row, long index) => realColumns.Value?[row][index] ?? index;

    /// <summary>Gets the column of the last real token of every row.</summary>
    public long[] LastColumns => [.. Enumerable.Range(0, (int)Rows).Select(row => Column(row, Length(row) - 1))];

    /// <summary>Returns which real tokens of row 0 columns are, counted from its first.</summary>
    public IReadOnlyList<int> OffsetsOf(long[] columns) =>
        [.. columns.Select(column => realColumns.Value is { } real ? Array.IndexOf(real[0], column) : (int)column)];

    /// <summary>Tells whether two batches hold the same tokens, so that running one of them is enough.</summary>
    public bool HasSameInputs(Batch other) =>
        ReferenceEquals(Inputs, other.Inputs)
        || (Inputs.Past is null && other.Inputs.Past is null
            && Same(Inputs.InputIds, other.Inputs.InputIds) && Same(Inputs.InputsEmbeds, other.Inputs.InputsEmbeds)
            && Same(Inputs.AttentionMask, other.Inputs.AttentionMask) && Same(Inputs.PositionIds, other.Inputs.PositionIds)
            && Same(Inputs.TokenTypeIds, other.Inputs.TokenTypeIds));

    /// <summary>Tells whether two batches can be run as one.</summary>
    public bool CanShareCallWith(Batch other)
    {
        return Columns == other.Columns && IsPlain(this) && IsPlain(other)
            && Alike(Inputs.InputIds, other.Inputs.InputIds) && Alike(Inputs.InputsEmbeds, other.Inputs.InputsEmbeds)
            && Alike(Inputs.AttentionMask, other.Inputs.AttentionMask) && Alike(Inputs.PositionIds, other.Inputs.PositionIds)
            && Alike(Inputs.TokenTypeIds, other.Inputs.TokenTypeIds);

        static bool IsPlain(Batch batch) =>
            batch.Inputs is { Past: null, UseCache: false, Labels: null, OutputHiddenStates: false, OutputAttentions: false } && batch.Inputs.AttentionMask is not { ndim: > 2 };

        static bool Alike(Tensor? left, Tensor? right) => (left is null) == (right is null) && left?.dtype == right?.dtype;
    }

    /// <summary>Returns the inputs of several batches, one under the other; fresh tensors of the current dispose scope unless there is one batch only.</summary>
    public static ModelInputs Stack(IReadOnlyList<Batch> batches)
    {
        var first = batches[0].Inputs;
        return batches.Count == 1 ? first : new ModelInputs
        {
            InputIds = Cat(inputs => inputs.InputIds),
            InputsEmbeds = Cat(inputs => inputs.InputsEmbeds),
            AttentionMask = Cat(inputs => inputs.AttentionMask),
            PositionIds = Cat(inputs => inputs.PositionIds),
            TokenTypeIds = Cat(inputs => inputs.TokenTypeIds),
        };

        Tensor? Cat(Func<ModelInputs, Tensor?> part) => part(first) is null ? null : cat([.. batches.Select(batch => part(batch.Inputs)!)], 0); // [all rows, ...]
    }

    private static bool Same(Tensor? left, Tensor? right) =>
        left is null || right is null
            ? left is null && right is null
            : left.shape.SequenceEqual(right.shape) && left.device_type != TorchSharp.DeviceType.META && left.Equals(right);

    private long[][]? ReadMask()
    {
        if (Inputs.AttentionMask is not { ndim: 2 } mask)
        {
            return null;
        }

        using var host = mask.to(int64).cpu();
        var values = host.data<long>().ToArray();
        if (values.All(value => value != 0))
        {
            return null;
        }

        return [.. Enumerable.Range(0, (int)Rows).Select(row => Enumerable.Range(0, (int)Columns).Where(column => values[(row * Columns) + column] != 0).Select(column => (long)column).ToArray())];
    }
}
