using System.Collections.Immutable;
using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is the result of one run of a plan. It owns its tensors: disposing it disposes them.</summary>
public sealed class InterventionRun : IDisposable
{
    private readonly LaneOutput output;
    private readonly LaneOutput? clean;
    private readonly IReadOnlyList<CollectedValue> collected;
    private readonly RealTokens? tokens;
    private readonly bool hasLastOnly;
    private bool isDisposed;

    internal InterventionRun(
        LaneOutput output,
        LaneOutput? clean,
        IReadOnlyList<CollectedValue> collected,
        IReadOnlyList<EffectReceipt> receipts,
        RealTokens? tokens,
        bool hasLastOnly)
    {
        this.output = output;
        this.clean = clean;
        this.collected = collected;
        this.tokens = tokens;
        this.hasLastOnly = hasLastOnly;
        Receipts = new RunReceipts(receipts);
    }

    /// <summary>
    /// Gets the logits of the intervened run: [batch, position, vocab] of a language model, or what <see cref="RunOptions.NextTokenOnly"/> leaves of it,
    /// [batch, label] of a classifier.
    /// </summary>
    /// <exception cref="InvalidOperationException">The model has no head.</exception>
    public Tensor Logits => Own.Output.Logits ?? throw new InvalidOperationException("The model has no head, so there are no logits; see Output.");

    /// <summary>
    /// Gets what the intervened run is for: the logits, else <see cref="LastHiddenState"/>, else the tensor, or the first of the tuple, that a module of your
    /// own returned: [batch, …].
    /// </summary>
    public Tensor Output => Own.Main ?? throw new InvalidOperationException("The model returned no tensor.");

    /// <summary>
    /// Gets the output of the clean run, of the same shape as <see cref="Output"/>; <see langword="null"/> unless <see cref="RunOptions.WithClean"/> asked for
    /// it.
    /// </summary>
    public Tensor? CleanOutput => Clean?.Main;

    /// <summary>
    /// Gets all tensors that a module of your own returned in the intervened run, in order; empty for the library's models, which name theirs.
    /// </summary>
    public IReadOnlyList<Tensor> Values => Own.Output.Values ?? [];

    /// <summary>
    /// Gets the final norm's output of the intervened run of a bare model: [batch, position, dModel]; <see langword="null"/> for one with a head.
    /// </summary>
    public Tensor? LastHiddenState => Own.Output.LastHiddenState;

    /// <summary>
    /// Gets the pooled output of the intervened run of a bare model, as <see cref="Models.ModelOutput.PoolerOutput"/>; <see langword="null"/> for one without a
    /// pooler.
    /// </summary>
    public Tensor? PoolerOutput => Own.Output.PoolerOutput;

    /// <summary>
    /// Gets the hidden states of the intervened run, as <see cref="Models.ModelOutput.HiddenStates"/>; <see langword="null"/> unless the inputs asked for them.
    /// </summary>
    public IReadOnlyList<Tensor>? HiddenStates => Own.Output.HiddenStates;

    /// <summary>Gets the loss of the intervened run, a scalar; <see langword="null"/> without labels.</summary>
    public Tensor? Loss => Own.Output.Loss;

    /// <summary>Returns the intervened run's output as a model returns it; its tensors belong to the current dispose scope, else to the caller.</summary>
    internal ModelOutput ToModelOutput() => output.Output.Select(tensor => tensor.alias());

    /// <summary>Gets other tensors that the intervened run returned, as <see cref="Models.ModelOutput.Named"/>; empty for most classes.</summary>
    public IReadOnlyDictionary<string, Tensor> Named => Own.Output.Named;

    /// <summary>Gets what parts of the model returned in the intervened run, as <see cref="Models.ModelOutput.Parts"/>: an encoder, towers.</summary>
    public IReadOnlyDictionary<string, ModelOutput> Parts => Own.Output.Parts;

    /// <summary>
    /// Gets the logits of the clean run, of the same shape as <see cref="Logits"/>; <see langword="null"/> unless <see cref="RunOptions.WithClean"/> asked for
    /// it.
    /// </summary>
    public Tensor? CleanLogits => Clean?.Output.Logits;

    /// <summary>
    /// Gets the final norm's output of the clean run of a bare model: [batch, position, dModel]; <see langword="null"/> unless it was asked for.
    /// </summary>
    public Tensor? CleanLastHiddenState => Clean?.Output.LastHiddenState;

    /// <summary>
    /// Gets which positions of the base hold real tokens: bool [batch, position], false at padding, on the model's device. It lies over <see cref="Logits"/>
    /// and over what is collected at all positions. The run owns it.
    /// </summary>
    /// <exception cref="InvalidOperationException">The base has no tokens.</exception>
    public Tensor Mask => Living(Tokens).Mask;

    /// <summary>Gets how many real tokens every example of the base has.</summary>
    /// <exception cref="InvalidOperationException">The base has no tokens.</exception>
    public ImmutableArray<int> Lengths => Tokens.Lengths;

    private LaneOutput Own => Living(output);

    private LaneOutput? Clean => Living(clean);

    /// <summary>Gets whether the clean run was made.</summary>
    internal bool HasClean => Clean is not null;

    private IReadOnlyList<CollectedValue> Kept => Living(collected);

    /// <summary>Gets the real tokens of the base.</summary>
    internal RealTokens Tokens => tokens ?? throw new InvalidOperationException("The inputs are no tokens, so there is no padding to tell them from; see "
        + "Output.");

    /// <summary>
    /// Returns the logits of the intervened run at one position of one example: [vocab], a view of <see cref="Logits"/>; the caller disposes it.
    /// </summary>
    /// <param name="example">The example, counted from 0.</param>
    /// <param name="position">The position among the example's real tokens, from its start or end, so that padding never shifts it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The example or the position does not exist.</exception>
    /// <exception cref="InvalidOperationException">The model has no language model head, or the run was made with <see cref="RunOptions.NextTokenOnly"/> and
    /// the position is not the last.</exception>
    public Tensor LogitsAt(int example, Index position)
    {
        if (tokens is null || Logits.ndim != 3)
        {
            throw new InvalidOperationException("A position has logits in a language model; this model scores whole examples, see Logits.");
        }

        var column = tokens.ColumnOf(example, position);
        if (hasLastOnly && column != tokens.LastColumns[example])
        {
            throw new InvalidOperationException($"The run has logits of the last position only, so none at {position} of example {example}. Run without "
                + "RunOptions.NextTokenOnly.");
        }

        return Logits[example, hasLastOnly ? 0 : column]; // [vocab]
    }

    /// <summary>Gets the collected values, one a collecting intervention, in the order of the configuration: [batch, unit …, width].</summary>
    public IReadOnlyList<Tensor> Collected => [.. Kept.Select(item => item.Value)];

    /// <summary>Gets what every intervention did, in the order of the configuration.</summary>
    public IReadOnlyList<EffectReceipt> Receipts { get; }

    /// <summary>Gets the values that a named collecting intervention kept: [batch, unit …, width].</summary>
    /// <param name="name">The intervention's name in the configuration.</param>
    /// <exception cref="InterventionException">No collecting intervention has this name.</exception>
    public Tensor this[string name] => Kept.Named(name).Value;

    /// <summary>
    /// Returns the gradient of a score with respect to what a named collecting intervention kept, as in attribution patching (Nanda, 2023): [batch, unit …,
    /// width], of the values' dtype; the caller disposes it.
    /// </summary>
    /// <remarks>
    /// The run must have been made with <see cref="RunOptions.Gradients"/>; no parameter has to learn. The <c>grad</c> of other tensors stays as it is, nothing
    /// is added up, and the graph is kept until the run is disposed, so that further calls give their own right answers.
    /// </remarks>
    /// <param name="score">One number, computed from the run's outputs; it stays the caller's.</param>
    /// <param name="name">The intervention's name in the configuration.</param>
    /// <exception cref="InterventionException">No collecting intervention has this name.</exception>
    /// <exception cref="ArgumentException">The score is not one number.</exception>
    /// <exception cref="InvalidOperationException">The run recorded no gradients, or the score does not depend on the values.</exception>
    public Tensor Gradient(Tensor score, string name) => Gradients(score, [name])[0];

    /// <summary>
    /// Returns the gradients of a score with respect to what several named collecting interventions kept, in one backward pass; otherwise as
    /// <see cref="Gradient"/>.
    /// </summary>
    /// <param name="score">One number, computed from the run's outputs; it stays the caller's.</param>
    /// <param name="names">The interventions' names in the configuration.</param>
    /// <exception cref="InterventionException">No collecting intervention has one of the names.</exception>
    /// <exception cref="ArgumentException">The score is not one number.</exception>
    /// <exception cref="InvalidOperationException">The run recorded no gradients, or the score does not depend on one of the values.</exception>
    public IReadOnlyList<Tensor> Gradients(Tensor score, IEnumerable<string> names) =>
        CollectedGradients.Of(score, [.. names.Select(Kept.Named)], Clean?.Mark, Own.Mark);

    /// <summary>Writes the collected values to a file for other programs; its ending says in which form.</summary>
    /// <param name="path">
    /// A file that ends in <c>.safetensors</c>, <c>.json</c> (shape and values in row-major order) or <c>.csv</c> (a line an element); an existing one is
    /// replaced at once or not at all. Tensors have the names of their interventions, or <c>collect_0</c> by their number.
    /// </param>
    /// <exception cref="ArgumentException">The ending is another.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveCollected(string path) =>
        TensorExport.Write(path, [.. Kept.Select((item, index) => (item.Name ?? $"collect_{index}", item.Place, item.Value))]);

    /// <summary>
    /// Returns whether the outputs of the intervened and the clean run are the same up to rounding; false when there is no clean run or no output.
    /// </summary>
    internal bool IsOutputKept()
    {
        if (output.Main is not { } after || clean?.Main is not { } before || !before.is_floating_point())
        {
            return false;
        }

        using var quiet = no_grad();
        using var difference = after - before;
        using var isExceeded = Rounding.IsExceeded(before, difference).any().cpu();
        return !isExceeded.item<bool>();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        isDisposed = true;
        foreach (var owned in output.Tensors().Concat(clean?.Tensors() ?? []).Concat<IDisposable>(collected))
        {
            owned.Dispose();
        }

        tokens?.Dispose();
    }

    private T Living<T>(T part) => !isDisposed ? part : throw new ObjectDisposedException(
        nameof(InterventionRun),
        "The run was disposed, and its tensors with it. Read it before its 'using' ends, or take copies of your own with clone().");
}
