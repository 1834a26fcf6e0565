using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is the input of one run with what positions need to be resolved in it: which columns hold real tokens, and what the tokens say.</summary>
internal sealed class Batch : IPositionAxis
{
    /// <summary>What a batch marks whose prompts mark nothing.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<Positions>> NoMarks = new Dictionary<string, IReadOnlyList<Positions>>();

    private readonly Lazy<long[][]?> realColumns;

    /// <summary>Initialises the batch.</summary>
    /// <param name="inputs">The inputs; they stay the caller's.</param>
    /// <param name="texts">The text of every example with the span of every real token in it; null when only ids are known.</param>
    public Batch(ModelInputs inputs, IReadOnlyList<TokenizedText>? texts = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Inputs = inputs;
        Texts = texts;
        var leading = inputs.Leading
            ?? throw new InterventionException("base", "The inputs hold no tensor: give InputIds, InputsEmbeds, PixelValues, InputFeatures or Arguments.");
        HasTokens = inputs.InputIds is not null || inputs.InputsEmbeds is not null;
        if (leading.ndim < (HasTokens ? 2 : 1))
        {
            throw new InterventionException(
                "base", $"The inputs must be {(HasTokens ? "[batch, position]" : "[batch, …]")}, but are [{string.Join(", ", leading.shape)}].");
        }

        (Rows, Columns) = (leading.shape[0], HasTokens ? leading.shape[1] : 1);
        realColumns = new(ReadMask);
    }

    public ModelInputs Inputs { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, IReadOnlyList<Positions>> Marks { get; init; } = NoMarks;

    /// <inheritdoc/>
    public IReadOnlyList<TokenizedText>? Texts { get; }

    /// <inheritdoc/>
    public long Rows { get; }

    /// <summary>Gets the number of positions; 1 when the inputs have none.</summary>
    public long Columns { get; }

    /// <summary>
    /// Gets the number of positions of the input: its columns, or dimension 1 of a module's [batch, position, …]; without bound where there is none.
    /// </summary>
    public long PositionsOfInput => HasTokens ? Columns : Inputs.Leading is { ndim: > 2 } leading ? leading.shape[1] : long.MaxValue;

    /// <summary>
    /// Gets whether the inputs are rows of tokens, so that positions count them. Else positions are indices of dimension 1 of whatever tensor is hooked.
    /// </summary>
    public bool HasTokens { get; }

    /// <inheritdoc/>
    long? IPositionAxis.Columns => Columns;

    public Device Device => Inputs.Leading!.device;

    /// <summary>Gets whether some column of some row is padding.</summary>
    public bool IsPadded => realColumns.Value is not null;

    /// <summary>Gets whether some row begins with padding. Such a column sees no key of its own, so it attends evenly to all, later ones included.</summary>
    public bool IsPaddedBefore => realColumns.Value?.Any(row => row is not [0, ..]) == true;

    /// <summary>Returns the number of real tokens of a row.</summary>
    public long Length(int row) => realColumns.Value?[row].Length ?? Columns;

    /// <inheritdoc/>
    long? IPositionAxis.Length(int row) => Length(row);

    /// <summary>Returns the column of the <paramref name="index"/>-th real token of a row.</summary>
    public long Column(int row, long index) => realColumns.Value?[row][index] ?? index;

    /// <summary>Returns whether a column of a row is a real token.</summary>
    public bool IsReal(long row, long column) => realColumns.Value is not { } real || Array.BinarySearch(real[row], column) >= 0;

    /// <summary>Gets the column of the last real token of every row.</summary>
    public long[] LastColumns => [.. Enumerable.Range(0, (int)Rows).Select(row => Column(row, Length(row) - 1))];

    /// <summary>Returns which real tokens of row 0 columns are, counted from its first.</summary>
    public IReadOnlyList<int> OffsetsOf(long[] columns) =>
        [.. columns.Select(column => realColumns.Value is { } real ? Array.IndexOf(real[0], column) : (int)column)];

    /// <summary>Tells whether two batches hold the same tokens, so that running one of them is enough.</summary>
    public bool HasSameInputs(Batch other) =>
        ReferenceEquals(Inputs, other.Inputs)
        || (Inputs.Past is null && other.Inputs.Past is null
            && Inputs.Arguments?.Count == other.Inputs.Arguments?.Count
            && (Inputs.Arguments ?? []).Zip(other.Inputs.Arguments ?? []).All(pair => Same(pair.First, pair.Second))
            && InputField.All.Where(field => !field.IsTarget).All(field => Same(Inputs[field], other.Inputs[field])));

    /// <summary>Gets whether the inputs are rows and nothing else, so that they can be run beside others.</summary>
    public bool IsPlain =>
        Inputs is { Past: null, Arguments: null, UseCache: false, OutputHiddenStates: false, OutputAttentions: false, OutputRouterLogits: false }
        && InputField.All.All(input => input.HasRows || Inputs[input] is null)
        && Inputs.AttentionMask is not { ndim: > 2 }
        && Inputs.RowTensors.All(tensor => tensor is null || tensor.shape[0] == Rows);

    /// <summary>
    /// Tells whether two batches can be run as one. A module without names for its arguments does not say which of them have a row an example, so it runs by
    /// itself.
    /// </summary>
    public bool CanShareCallWith(Batch other)
    {
        return Columns == other.Columns
            && IsPlain
            && other.IsPlain
            && Inputs.RowTensors.Zip(other.Inputs.RowTensors).All(pair => Alike(pair.First, pair.Second));

        static bool Alike(Tensor? left, Tensor? right) =>
            (left is null) == (right is null) && left?.dtype == right?.dtype && (left is null || left.shape.AsSpan(1).SequenceEqual(right!.shape.AsSpan(1)));
    }

    /// <summary>
    /// Returns the inputs of several batches, one under the other; fresh tensors of the current dispose scope unless there is one batch only.
    /// </summary>
    public static ModelInputs Stack(IReadOnlyList<Batch> batches)
    {
        var first = batches[0].Inputs;
        return batches.Count == 1
            ? first
            : new ModelInputs().WithRowTensors([.. first.RowTensors.Select((tensor, index) => tensor is null
                ? null
                : cat([.. batches.Select(batch => batch.Inputs.RowTensors[index]!)], 0))]); // [all rows, ...]
    }

    private static bool Same(Tensor? left, Tensor? right) =>
        left is null || right is null
            ? left is null && right is null
            : left.shape.SequenceEqual(right.shape) && left.device_type != TorchSharp.DeviceType.META && left.Equals(right);

    private long[][]? ReadMask()
    {
        var (values, filling) = (MaskValues(), Inputs.Filling?.Invoke());
        if (values?.Contains(0) != true && filling?.Any(count => count > 0) != true)
        {
            return null;
        }

        return [.. Enumerable.Range(0, (int)Rows)
            .Select(row => Enumerable.Range(0, (int)Columns).Where(column => IsRealIn(row, column)).Select(column => (long)column).ToArray())];

        bool IsRealIn(int row, int column) => values?[(row * Columns) + column] != 0 && column < Columns - (filling?[row] ?? 0);
    }

    private long[]? MaskValues()
    {
        // What a meta tensor holds is not known. With cached positions before these columns, the mask has them too.
        if (Inputs.AttentionMask is not { ndim: 2, is_meta: false } mask || mask.shape[0] != Rows || mask.shape[1] < Columns)
        {
            return null;
        }

        using var own = mask.narrow(1, mask.shape[1] - Columns, Columns);
        using var host = own.to(int64).cpu().contiguous();
        return host.data<long>().ToArray();
    }
}
