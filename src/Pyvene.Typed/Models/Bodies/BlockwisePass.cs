using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is the state of a forward pass between two blocks: the residual stream and what the blocks share, such as the mask.</summary>
public abstract class BlockwisePass
{
    /// <summary>Initialises the state before block 0.</summary>
    /// <param name="inputs">The arguments of the forward pass.</param>
    /// <param name="hidden">The embeddings: [row, position, dModel].</param>
    protected BlockwisePass(ModelInputs inputs, Tensor hidden)
    {
        Inputs = inputs;
        Hidden = hidden;
    }

    /// <summary>
    /// Gets the arguments of the forward pass; <see cref="SelectRows"/> keeps their row axes in step, and the engine may narrow the logits before the end.
    /// </summary>
    public ModelInputs Inputs { get; set; }

    /// <summary>Gets or sets the residual stream: [row, position, dModel].</summary>
    public Tensor Hidden { get; set; }

    /// <summary>Gets or sets how many runs the rows are of, as many rows each; <see langword="null"/> = of one.</summary>
    internal IReadOnlyCollection<long>? Runs { get; set; }

    /// <summary>Replaces the rows of the pass by a selection of them; a row may be left out, and may be named several times.</summary>
    /// <param name="rows">For every new row the old row it continues: int64 [new row].</param>
    public abstract void SelectRows(Tensor rows);

    /// <summary>Returns a pass as the kind that a model's <c>Begin</c> returned.</summary>
    /// <exception cref="ArgumentException">Another kind of model began it.</exception>
    internal static T Of<T>(BlockwisePass pass)
        where T : BlockwisePass
    {
        ArgumentNullException.ThrowIfNull(pass);
        return pass as T ?? throw new ArgumentException($"The pass is a {pass.GetType().Name}, which another kind of model began; this one continues "
            + $"a {typeof(T).Name}, which its own Begin returns.", nameof(pass));
    }

    /// <summary>Keeps keys and values of the first positions, of every row and in every block that runs from now on.</summary>
    /// <param name="keys">Where they are kept.</param>
    internal virtual void Keep(KeptKeys? keys) => throw new NotSupportedException($"{GetType().Name} has no keys.");

    /// <summary>Makes the pass, which was begun with all positions, hold those behind the kept ones alone. Only before its first block.</summary>
    /// <param name="before">The keys and values of the positions before.</param>
    internal virtual void BeginBehind(KeptKeys before) => throw new NotSupportedException($"{GetType().Name} has no keys.");

    /// <summary>
    /// Makes the pass hold tokens, [1, token, dModel], instead of rows, or other tokens than before. Only for models in which a position sees no later one.
    /// </summary>
    /// <param name="layout">The tokens.</param>
    /// <param name="tokens">For every token the one that it continues, of the tokens so far or, at first, of rows · positions: int64 [token].</param>
    internal virtual void Pack(TokenLayout layout, Tensor tokens) => throw new NotSupportedException($"{GetType().Name} holds rows only.");

    /// <summary>Makes a packed pass hold rows again, behind the last block.</summary>
    /// <param name="tokens">The token of every row and position: int64 [row, position].</param>
    /// <param name="rows">For every row the row of the batch that the pass was begun with which it continues: int64 [row].</param>
    internal virtual void Unpack(Tensor tokens, Tensor rows) => throw new NotSupportedException($"{GetType().Name} holds rows only.");
}
