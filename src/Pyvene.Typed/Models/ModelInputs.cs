using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Holds the arguments of one forward pass, named as in Hugging Face's models.</summary>
/// <remarks>
/// The tensors stay the caller's: a model neither writes into them nor disposes them. A model of texts takes exactly one of <see cref="InputIds"/> and
/// <see cref="InputsEmbeds"/>.
/// </remarks>
public sealed record ModelInputs
{
    private static readonly ImmutableArray<InputField> RowFields = [.. InputField.All.Where(field => field.HasRows)];

    private readonly InputTensors tensors = InputTensors.None;

    /// <summary>Initialises inputs without a tensor.</summary>
    public ModelInputs()
    {
    }

    private ModelInputs(ModelInputs other, InputTensors tensors)
        : this(other)
    {
        this.tensors = tensors;
    }

    /// <summary>Gets the token ids: int64 [batch, position].</summary>
    public Tensor? InputIds { get => tensors[InputField.InputIds]; init => tensors = tensors.With(InputField.InputIds, value); }

    /// <summary>Gets embeddings that stand in for the token embeddings: [batch, position, dModel].</summary>
    public Tensor? InputsEmbeds { get => tensors[InputField.InputsEmbeds]; init => tensors = tensors.With(InputField.InputsEmbeds, value); }

    /// <summary>Gets normalised pictures: [batch, channel, height, width].</summary>
    public Tensor? PixelValues { get => tensors[InputField.PixelValues]; init => tensors = tensors.With(InputField.PixelValues, value); }

    /// <summary>Gets the spectrum of a sound: [batch, frequency, frame].</summary>
    public Tensor? InputFeatures { get => tensors[InputField.InputFeatures]; init => tensors = tensors.With(InputField.InputFeatures, value); }

    /// <summary>
    /// Gets the arguments, by position, of a module that is called with tensors and has no names for them, such as a module of your own: each [batch, …].
    /// </summary>
    public IReadOnlyList<Tensor>? Arguments { get; init; }

    /// <summary>Gets the state before the first step of a recurrent model: [layer, batch, dModel]. Without it the state is zero.</summary>
    public Tensor? InitialState { get => tensors[InputField.InitialState]; init => tensors = tensors.With(InputField.InitialState, value); }

    /// <summary>
    /// Gets the mask: [batch, key] with 1 = real and 0 = padding, at least one 1 a row; or for decoders [batch, 1 or head, query, key], Bool with true = seen,
    /// or numbers that are added to the
    /// scores; or for encoders [batch, query, key] with 1 and 0. With a cache, the keys include the cached ones. A query that sees no key spreads evenly.
    /// </summary>
    public Tensor? AttentionMask { get => tensors[InputField.AttentionMask]; init => tensors = tensors.With(InputField.AttentionMask, value); }

    /// <summary>
    /// Gets the position ids: int64 [batch, position]. Without them positions count 0, 1, 2 … from the left edge (after the cache), padding included.
    /// </summary>
    public Tensor? PositionIds { get => tensors[InputField.PositionIds]; init => tensors = tensors.With(InputField.PositionIds, value); }

    /// <summary>Gets the segment ids: int64 [batch, position]; looked up in the token embedding by GPT-2.</summary>
    public Tensor? TokenTypeIds { get => tensors[InputField.TokenTypeIds]; init => tensors = tensors.With(InputField.TokenTypeIds, value); }

    /// <summary>
    /// Gets what the attention weights of each head are multiplied with: [head] or [layer, head]; for encoders, it takes the slower, unfused attention.
    /// </summary>
    public Tensor? HeadMask { get => tensors[InputField.HeadMask]; init => tensors = tensors.With(InputField.HeadMask, value); }

    /// <summary>
    /// Gets the labels: token ids [batch, position] with −100 = ignored for a language model, classes or targets [batch, …] for a classifier.
    /// </summary>
    public Tensor? Labels { get => tensors[InputField.Labels]; init => tensors = tensors.With(InputField.Labels, value); }

    /// <summary>Gets the token ids of the decoder, where a model has an encoder before it: int64 [batch, decoder position].</summary>
    public Tensor? DecoderInputIds { get => tensors[InputField.DecoderInputIds]; init => tensors = tensors.With(InputField.DecoderInputIds, value); }

    /// <summary>Gets embeddings that stand in for the decoder's token embeddings: [batch, decoder position, dModel].</summary>
    public Tensor? DecoderInputsEmbeds
    {
        get => tensors[InputField.DecoderInputsEmbeds];
        init => tensors = tensors.With(InputField.DecoderInputsEmbeds, value);
    }

    /// <summary>
    /// Gets the decoder's mask: [batch, decoder position] with 1 = real and 0 = padding. With a state to go on from, it has the positions before, too.
    /// </summary>
    public Tensor? DecoderAttentionMask
    {
        get => tensors[InputField.DecoderAttentionMask];
        init => tensors = tensors.With(InputField.DecoderAttentionMask, value);
    }

    /// <summary>Gets the position ids of the decoder: int64 [batch, decoder position].</summary>
    public Tensor? DecoderPositionIds { get => tensors[InputField.DecoderPositionIds]; init => tensors = tensors.With(InputField.DecoderPositionIds, value); }

    /// <summary>Gets what the weights of the decoder's self-attention are multiplied with: [head] or [layer, head].</summary>
    public Tensor? DecoderHeadMask { get => tensors[InputField.DecoderHeadMask]; init => tensors = tensors.With(InputField.DecoderHeadMask, value); }

    /// <summary>Gets what the weights of cross-attention are multiplied with: [head] or [layer, head].</summary>
    public Tensor? CrossAttentionHeadMask
    {
        get => tensors[InputField.CrossAttentionHeadMask];
        init => tensors = tensors.With(InputField.CrossAttentionHeadMask, value);
    }

    /// <summary>Gets what the encoder made, [batch, position, dModel], so that it is not run again; <see langword="null"/> = it runs.</summary>
    public Tensor? EncoderOutput { get => tensors[InputField.EncoderOutput]; init => tensors = tensors.With(InputField.EncoderOutput, value); }

    /// <summary>Gets what the model goes on from: what it kept of the positions before this call, to which it appends.</summary>
    public ModelState? Past { get; init; }

    /// <summary>Gets whether the call returns a cache to continue from. Default: false, as plain runs never need one.</summary>
    public bool UseCache { get; init; }

    /// <summary>Gets whether the residual stream before every block, and the final norm's output, are returned.</summary>
    public bool OutputHiddenStates { get; init; }

    /// <summary>Gets whether the attention weights of every block are returned; this takes the slower, unfused attention.</summary>
    public bool OutputAttentions { get; init; }

    /// <summary>Gets whether the scores of the routers of experts are returned; only of models that have experts.</summary>
    public bool OutputRouterLogits { get; init; }

    /// <summary>
    /// Gets whether a model of pairs, such as CLIP, returns its loss: of text and picture with the same index, against all others of the batch.
    /// </summary>
    public bool ReturnLoss { get; init; }

    /// <summary>
    /// Gets whether pictures of another size than those that an encoder of patches was trained on are taken: the embeddings of positions are stretched to them.
    /// </summary>
    public bool InterpolatesPositions { get; init; }

    /// <summary>Gets for which positions logits are computed. Default: all.</summary>
    public LogitsSelection Logits { get; init; } = LogitsSelection.All;

    /// <summary>Converts the only argument of a module of your own.</summary>
    /// <param name="argument">The tensor, [batch, …]; <see langword="null"/> = no inputs, as for a source that is left out.</param>
    [return: NotNullIfNotNull(nameof(argument))]
    public static implicit operator ModelInputs?(Tensor? argument) => argument is null ? null : new ModelInputs { Arguments = [argument] };

    /// <summary>Converts the two arguments of a module of your own.</summary>
    /// <param name="arguments">The tensors in the order of the call, each [batch, …].</param>
    public static implicit operator ModelInputs((Tensor First, Tensor Second) arguments) => new() { Arguments = [arguments.First, arguments.Second] };

    /// <summary>Converts the three arguments of a module of your own.</summary>
    /// <param name="arguments">The tensors in the order of the call, each [batch, …].</param>
    public static implicit operator ModelInputs((Tensor First, Tensor Second, Tensor Third) arguments) =>
        new() { Arguments = [arguments.First, arguments.Second, arguments.Third] };

    /// <summary>Converts the arguments of a module of your own.</summary>
    /// <param name="arguments">The tensors in the order of the call, each [batch, …].</param>
    public static implicit operator ModelInputs(Tensor[] arguments) => new() { Arguments = arguments ?? throw new ArgumentNullException(nameof(arguments)) };

    /// <summary>
    /// Gets what reads how many of the last columns every row has behind its end, where texts that ended are filled; <see langword="null"/> = none.
    /// </summary>
    internal Func<long[]>? Filling { get; init; }

    /// <summary>Gets the tensor of a field, or <see langword="null"/>.</summary>
    internal Tensor? this[InputField field] => tensors[field];

    /// <summary>Returns a copy with another tensor in a field.</summary>
    internal ModelInputs With(InputField field, Tensor? tensor) => new(this, tensors.With(field, tensor));

    /// <summary>Gets the tensor that tells the size of the batch; <see langword="null"/> when there is none.</summary>
    internal Tensor? Leading => InputIds ?? InputsEmbeds ?? PixelValues ?? InputFeatures ?? EncoderOutput ?? DecoderInputIds ?? DecoderInputsEmbeds
        ?? Arguments?.FirstOrDefault();

    /// <summary>Gets the tensors that a model reads and whose first axis is the batch, in the order of <see cref="WithRowTensors"/>.</summary>
    internal IReadOnlyList<Tensor?> RowTensors => [.. RowFields.Select(input => tensors[input]), .. Arguments ?? []];

    /// <summary>Returns a copy with other tensors in the place of <see cref="RowTensors"/>.</summary>
    internal ModelInputs WithRowTensors(IReadOnlyList<Tensor?> rows) =>
        new(this, RowFields.Zip(rows).Aggregate(tensors, (sum, item) => sum.With(item.First, item.Second)))
        {
            Arguments = rows.Count == RowFields.Length ? null : [.. rows.Skip(RowFields.Length).Select(tensor => tensor!)],
        };

    /// <summary>
    /// Returns the inputs of a batch whose rows are a selection of this one's; tensors that all rows share stay shared, and the cache is left as it is.
    /// </summary>
    /// <param name="rows">For every new row the old row it continues: int64 [new row].</param>
    /// <returns>A copy whose new tensors belong to the current dispose scope.</returns>
    internal ModelInputs SelectRows(Tensor rows)
    {
        var batch = Leading!.shape[0];
        return new(this, InputField.All.Aggregate(tensors, (sum, field) => sum[field] is { } tensor && field.RowAxis is { } axis
            ? sum.With(field, Select(tensor, axis))
            : sum))
        {
            Arguments = Arguments is null ? null : [.. Arguments.Select(argument => Select(argument, 0))],
            Logits = Logits.SelectRows(rows),
        };

        Tensor Select(Tensor tensor, int axis) => tensor.shape[axis] != batch ? tensor
            : axis == 0 ? tensor.Rows(rows)
            : tensor.transpose(0, axis).Rows(rows).transpose(0, axis); // [layer, new row, dModel]
    }
}
