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
    /// <summary>Gets the token ids: int64 [batch, position].</summary>
    public Tensor? InputIds { get; init; }

    /// <summary>Gets embeddings that stand in for the token embeddings: [batch, position, dModel].</summary>
    public Tensor? InputsEmbeds { get; init; }

    /// <summary>Gets normalised pictures: [batch, channel, height, width].</summary>
    public Tensor? PixelValues { get; init; }

    /// <summary>
    /// Gets the arguments, by position, of a module that is called with tensors and has no names for them, such as a module of your own: each [batch, …].
    /// </summary>
    public IReadOnlyList<Tensor>? Arguments { get; init; }

    /// <summary>Gets the state before the first step of a recurrent model: [layer, batch, dModel]. Without it the state is zero.</summary>
    public Tensor? InitialState { get; init; }

    /// <summary>
    /// Gets the mask: [batch, key] with 1 = real and 0 = padding, at least one 1 a row; or for decoders [batch, 1 or head, query, key], Bool with true = seen,
    /// or numbers that are added to the
    /// scores; or for encoders [batch, query, key] with 1 and 0. With a cache, the keys include the cached ones. A query that sees no key spreads evenly.
    /// </summary>
    public Tensor? AttentionMask { get; init; }

    /// <summary>
    /// Gets the position ids: int64 [batch, position]. Without them positions count 0, 1, 2 … from the left edge (after the cache), padding included.
    /// </summary>
    public Tensor? PositionIds { get; init; }

    /// <summary>Gets the segment ids: int64 [batch, position]; looked up in the token embedding by GPT-2.</summary>
    public Tensor? TokenTypeIds { get; init; }

    /// <summary>
    /// Gets what the attention weights of each head are multiplied with: [head] or [layer, head]; for encoders, it takes the slower, unfused attention.
    /// </summary>
    public Tensor? HeadMask { get; init; }

    /// <summary>
    /// Gets the labels: token ids [batch, position] with −100 = ignored for a language model, classes or targets [batch, …] for a classifier.
    /// </summary>
    public Tensor? Labels { get; init; }

    /// <summary>Gets the keys and values of the positions before this call; the model appends to it.</summary>
    public KeyValueCache? Past { get; init; }

    /// <summary>Gets whether the call returns a cache to continue from. Default: false, as plain runs never need one.</summary>
    public bool UseCache { get; init; }

    /// <summary>Gets whether the residual stream before every block, and the final norm's output, are returned.</summary>
    public bool OutputHiddenStates { get; init; }

    /// <summary>Gets whether the attention weights of every block are returned; this takes the slower, unfused attention.</summary>
    public bool OutputAttentions { get; init; }

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

    /// <summary>Gets the tensor that tells the size of the batch; <see langword="null"/> when there is none.</summary>
    internal Tensor? Leading => InputIds ?? InputsEmbeds ?? PixelValues ?? Arguments?.FirstOrDefault();

    /// <summary>Gets the tensors that a model reads and whose first axis is the batch, in the order of <see cref="WithRowTensors"/>.</summary>
    internal IReadOnlyList<Tensor?> RowTensors => [InputIds, InputsEmbeds, PixelValues, AttentionMask, PositionIds, TokenTypeIds, .. Arguments ?? []];

    /// <summary>Returns a copy with other tensors in the place of <see cref="RowTensors"/>.</summary>
    internal ModelInputs WithRowTensors(IReadOnlyList<Tensor?> tensors) => this with
    {
        InputIds = tensors[0],
        InputsEmbeds = tensors[1],
        PixelValues = tensors[2],
        AttentionMask = tensors[3],
        PositionIds = tensors[4],
        TokenTypeIds = tensors[5],
        Arguments = Arguments is null ? null : [.. tensors.Skip(6).Select(tensor => tensor!)],
    };

    /// <summary>
    /// Returns the inputs of a batch whose rows are a selection of this one's; tensors that all rows share stay shared, and the cache is left as it is.
    /// </summary>
    /// <param name="rows">For every new row the old row it continues: int64 [new row].</param>
    /// <returns>A copy whose new tensors belong to the current dispose scope.</returns>
    internal ModelInputs SelectRows(Tensor rows)
    {
        var batch = Leading!.shape[0];
        return WithRowTensors([.. RowTensors.Select(Select)]) with
        {
            InitialState = InitialState?.transpose(0, 1).Rows(rows).transpose(0, 1), // [layer, new row, dModel]
            Labels = Select(Labels),
            Logits = Logits.SelectRows(rows),
        };

        Tensor? Select(Tensor? tensor) => tensor is null || tensor.shape[0] != batch ? tensor : tensor.Rows(rows);
    }
}
