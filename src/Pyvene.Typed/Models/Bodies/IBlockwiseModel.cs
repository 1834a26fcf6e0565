namespace Pyvene.Typed.Models;

/// <summary>
/// Is a model whose forward pass is a beginning, a row of blocks and an end, each of which can be run by itself. The engine uses it to stop a source run after
/// the last block that is read, to start an intervened run from the clean state before the first block that is edited, and to put many runs into one batch.
/// </summary>
/// <remarks>
/// <c>call(inputs)</c> of such a model is <see cref="Begin"/>, every block in order and <see cref="Finish"/>, so both roads give the same numbers and fire
/// the same hooks inside.
/// </remarks>
public interface IBlockwiseModel
{
    /// <summary>Gets the number of blocks.</summary>
    int BlockCount => BlockPaths.Count;

    /// <summary>
    /// Gets the last block before which a run can begin with nothing but the residual stream known: before a later one it also needs what earlier ones made,
    /// such as an encoder's output.
    /// </summary>
    int LastBeginning => BlockCount;

    /// <summary>Gets the module path of every block, such as <c>transformer.h.0</c>, in the order in which they run.</summary>
    IReadOnlyList<string> BlockPaths { get; }

    /// <summary>
    /// Gets the paths of the modules that <see cref="Begin"/> calls; everything outside of them and of the blocks runs in <see cref="Finish"/>.
    /// </summary>
    IReadOnlyList<string> BeginPaths { get; }

    /// <summary>
    /// Gets the paths of the modules that several of beginning, blocks and end call, such as embeddings that an encoder and its decoder share.
    /// </summary>
    IReadOnlyList<string> SharedPaths => [];

    /// <summary>Computes the embeddings, the mask and all that the blocks share.</summary>
    /// <param name="inputs">The arguments of the forward pass.</param>
    /// <returns>The state before block 0. Its tensors belong to the current dispose scope.</returns>
    BlockwisePass Begin(ModelInputs inputs);

    /// <summary>Runs one block and moves the hidden state of the pass behind it.</summary>
    /// <param name="pass">The state before the block; afterwards the state behind it.</param>
    /// <param name="block">The block, 0 to <see cref="BlockCount"/> − 1.</param>
    void RunBlock(BlockwisePass pass, int block);

    /// <summary>Computes the final norm, the head and, with labels, the loss.</summary>
    /// <param name="pass">The state behind the last block.</param>
    /// <returns>The output; its tensors belong to the current dispose scope.</returns>
    ModelOutput Finish(BlockwisePass pass);
}
