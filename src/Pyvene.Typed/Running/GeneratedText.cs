using System.Collections.Immutable;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed;

/// <summary>
/// Is generated text with its tokens, and what was collected while it was made. It owns the collected tensors: disposing it disposes them; the rest stays.
/// </summary>
/// <param name="Prompts">The prompts' texts, one a row; empty texts when token ids were given.</param>
/// <param name="Texts">The generated texts, without the prompt and without special tokens, one a row.</param>
/// <param name="TokenIds">The generated token ids, one list a row, ended by the padding of rows that stopped earlier.</param>
/// <param name="Receipts">What every intervention did, in the order of the experiment; empty for a plain generation.</param>
public record GeneratedText(
    ImmutableArray<string> Prompts,
    ImmutableArray<string> Texts,
    ImmutableArray<ImmutableArray<int>> TokenIds,
    IReadOnlyList<EffectReceipt> Receipts) : IDisposable
{
    private bool isDisposed;

    /// <summary>
    /// Gets how many of <see cref="TokenIds"/> every row generated, its end token included; what lies behind is padding, and so are the values of steps behind
    /// them.
    /// </summary>
    public ImmutableArray<int> Lengths { get; init; } = [];

    /// <summary>Gets what the texts of a decoder behind an encoder were begun with, one a row; empty = with nothing.</summary>
    internal ImmutableArray<string> Begins { get; init; } = [];

    /// <summary>Gets what stands between a prompt and its text where the text does not go on from it, but was written from it.</summary>
    internal string Arrow { get; init; } = "";

    /// <summary>Gets what was collected; this owns it.</summary>
    internal IReadOnlyList<CollectedPasses> Collected { get; init; } = [];

    /// <summary>
    /// Gets the values that a named step collected while the text was made, one tensor a forward pass in which it acted, in order: [row, position, width], with
    /// heads, queries or other units as in a run. The text owns them.
    /// </summary>
    /// <remarks>
    /// <para>The first pass reads the prompts and shows, for places that act during <see cref="Steps.Prompt"/>, the positions that were chosen there, a row a
    /// prompt; all positions are columns of the padded prompts. Each later pass reads the token that was chosen before it and shows that one position, a row a
    /// text: the pass of step k is that of token k of <see cref="TokenIds"/>. The last token is read by none. Without a cache, a pass shows all chosen
    /// positions up to its own again.</para>
    /// <para>A row's own steps are the first <see cref="Lengths"/> − 1; behind them, while other rows go on, it is filled with padding, and so is what it
    /// shows. In a beam search the rows are the beams as they stood in that pass. What is read in one source of a series is one tensor. A step that was never
    /// reached has none.</para>
    /// </remarks>
    /// <param name="name">The step's name in the configuration, such as <c>collect_0</c>.</param>
    /// <exception cref="InterventionException">No collecting step has this name.</exception>
    /// <exception cref="ObjectDisposedException">This was disposed, and what was collected with it.</exception>
    public IReadOnlyList<Tensor> this[string name] => !isDisposed ? Collected.Named(name).Tensors : throw new ObjectDisposedException(
        nameof(GeneratedText),
        "The generated text was disposed, and what was collected with it. Read that before its 'using' ends, or take copies of your own with clone().");

    /// <summary>Returns prompt and text of every row, a line each; an arrow is between them where an encoder read the prompt.</summary>
    public sealed override string ToString() =>
        Texts.IsDefault || Prompts.IsDefault ? "" : string.Join("\n", Texts.Select((text, row) =>
            (Prompts[row].Length == 0 ? "" : Prompts[row] + Arrow) + Begins.ElementAtOrDefault(row) + text));

    /// <summary>Disposes the collected tensors.</summary>
    public void Dispose()
    {
        isDisposed = true;
        foreach (var passes in Collected)
        {
            passes.Dispose();
        }

        GC.SuppressFinalize(this);
    }
}
