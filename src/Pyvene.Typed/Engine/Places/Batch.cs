using Pyvene.Typed.Descriptors.Reading;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is the input of one run with what positions need to be resolved in it: which columns hold real tokens, and what the tokens say.</summary>
internal sealed class Batch
{
    private readonly TokenColumns? read;
    private readonly TokenColumns? written;

    /// <summary>Initialises the batch.</summary>
    /// <param name="inputs">The inputs; they stay the caller's.</param>
    /// <param name="notes">What the tokens say, and which of them are marked; null = only numbers are known.</param>
    public Batch(ModelInputs inputs, TokenNotes? notes = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Inputs = inputs;
        Notes = notes ?? TokenNotes.None;
        var leading = inputs.Leading
            ?? throw new InterventionException(
                "base", "The inputs hold no tensor: give InputIds, InputsEmbeds, PixelValues, InputFeatures or Arguments.");
        var hasTokens = inputs.InputIds is not null || inputs.InputsEmbeds is not null;
        if (leading.ndim < (hasTokens ? 2 : 1))
        {
            throw new InterventionException(
                "base", $"The inputs must be {(hasTokens ? "[batch, position]" : "[batch, …]")}, but are [{string.Join(", ", leading.shape)}].");
        }

        Rows = leading.shape[0];
        read = hasTokens ? new TokenColumns(leading, inputs.AttentionMask, inputs.Filling, Notes) : null;
        written = (inputs.DecoderInputIds ?? inputs.DecoderInputsEmbeds) is { ndim: > 1 } decoder
            ? new TokenColumns(decoder, inputs.DecoderAttentionMask, inputs.Filling, Notes.Decoder ?? TokenNotes.None)
            : null;
        Columns = Tokens?.Columns ?? 1;
    }

    public ModelInputs Inputs { get; }

    /// <summary>Gets what the tokens say, and which of them are marked.</summary>
    public TokenNotes Notes { get; }

    /// <summary>Gets the number of examples.</summary>
    public long Rows { get; }

    /// <summary>Gets the number of positions that the output has; 1 when the inputs have none.</summary>
    public long Columns { get; }

    /// <summary>Gets the tokens that the output has positions of, those of the decoder where there are two rows of them; null when there are none.</summary>
    public TokenColumns? Tokens => written ?? read;

    /// <summary>
    /// Gets the number of positions of the input: its columns, or dimension 1 of a module's [batch, position, …]; without bound where there is none.
    /// </summary>
    public long PositionsOfInput => read?.Columns ?? (Inputs is { Leading: { ndim: > 2 } leading, PixelValues: null } ? leading.shape[1] : long.MaxValue);

    /// <summary>
    /// Gets whether the inputs are rows of tokens, so that positions count them. Else positions are indices of dimension 1 of whatever tensor is hooked.
    /// </summary>
    public bool HasTokens => Tokens is not null;

    public Device Device => Inputs.Leading!.device;

    /// <summary>Gets whether some row begins with padding. Such a column sees no key of its own, so it attends evenly to all, later ones included.</summary>
    public bool IsPaddedBefore => Tokens?.IsPaddedBefore == true;

    /// <summary>Gets the column of the last real token of every row; without tokens, 0.</summary>
    public long[] LastColumns => Tokens?.LastColumns ?? new long[Rows];

    /// <summary>
    /// Returns the tokens that positions of an axis count; <see langword="null"/> where it counts none, but dimension 1 of the hooked tensor.
    /// </summary>
    /// <param name="axis">The axis, as descriptors name it.</param>
    public TokenColumns? Along(string axis) => axis switch
    {
        Axes.Position => read,
        Axes.DecoderPosition => written,
        _ => null,
    };

    /// <summary>Returns how many rows the values have that are counted along an axis: a batch may have more or fewer pictures than texts.</summary>
    /// <param name="axis">The axis, as descriptors name it.</param>
    public long RowsAlong(string axis) => axis == Axes.Patch && Inputs.PixelValues is { } pictures ? pictures.shape[0] : Rows;

    /// <summary>Returns a batch of the same texts with other inputs.</summary>
    public Batch With(ModelInputs inputs) => ReferenceEquals(inputs, Inputs) ? this : new Batch(inputs, Notes);

    /// <summary>Returns some of the examples, in an order of their own; the tensors belong to the current dispose scope.</summary>
    /// <param name="examples">The examples.</param>
    public Batch Examples(IReadOnlyList<int> examples)
    {
        using var rows = tensor([.. examples.Select(example => (long)example)], dtype: int64, device: Device); // [new row]
        return new(Inputs.SelectRows(rows), Notes.Examples(examples));
    }

    /// <summary>Tells whether two batches hold the same tokens, so that running one of them is enough.</summary>
    public bool HasSameInputs(Batch other) =>
        ReferenceEquals(Inputs, other.Inputs)
        || (Inputs.Past is null && other.Inputs.Past is null
            && Inputs.InterpolatesPositions == other.Inputs.InterpolatesPositions
            && Inputs.Arguments?.Count == other.Inputs.Arguments?.Count
            && (Inputs.Arguments ?? []).Zip(other.Inputs.Arguments ?? []).All(pair => Same(pair.First, pair.Second))
            && InputField.All.Where(field => !field.IsTarget).All(field => Same(Inputs[field], other.Inputs[field])));

    /// <summary>Gets whether the inputs are rows and nothing else, so that they can be run beside others.</summary>
    public bool IsPlain =>
        Inputs is
        {
            Past: null, Arguments: null, UseCache: false, OutputHiddenStates: false, OutputAttentions: false, OutputRouterLogits: false, ReturnLoss: false,
        }
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
            && Inputs.InterpolatesPositions == other.Inputs.InterpolatesPositions
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
            : new ModelInputs { InterpolatesPositions = first.InterpolatesPositions }.WithRowTensors(
                [.. first.RowTensors.Select((tensor, index) => tensor is null
                    ? null
                    : cat([.. batches.Select(batch => batch.Inputs.RowTensors[index]!)], 0))]); // [all rows, ...]
    }

    private static bool Same(Tensor? left, Tensor? right) =>
        left is null || right is null
            ? left is null && right is null
            : left.shape.SequenceEqual(right.shape) && left.device_type != TorchSharp.DeviceType.META && left.Equals(right);
}
