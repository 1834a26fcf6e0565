using System.Globalization;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is the base of models whose forward pass is a beginning, a row of blocks and an end.</summary>
public abstract class BlockwiseModel : PretrainedModel, IBlockwiseModel
{
    private protected BlockwiseModel(string name, ModelConfig config)
        : base(name, config)
    {
    }

    /// <inheritdoc/>
    public int BlockCount => BlockPaths.Count;

    /// <inheritdoc/>
    public abstract IReadOnlyList<string> BlockPaths { get; }

    /// <inheritdoc/>
    public abstract IReadOnlyList<string> BeginPaths { get; }

    /// <inheritdoc/>
    public abstract BlockwisePass Begin(ModelInputs inputs);

    /// <inheritdoc/>
    public abstract void RunBlock(BlockwisePass pass, int block);

    /// <inheritdoc/>
    public abstract ModelOutput Finish(BlockwisePass pass);

    /// <inheritdoc/>
    public virtual IReadOnlyList<string> SharedPaths => [];

    /// <inheritdoc/>
    public virtual int LastBeginning => BlockCount;

    /// <summary>Returns the stages in the order in which the most work is shared when something happens at modules.</summary>
    /// <param name="paths">The modules' paths.</param>
    internal virtual IBlockwiseModel StagesFor(IReadOnlyCollection<string> paths) => this;

    /// <summary>Returns the paths of the blocks of a list.</summary>
    /// <param name="list">The list's path.</param>
    /// <param name="count">How many there are.</param>
    private protected static IReadOnlyList<string> PathsIn(string list, int count) =>
        [.. Enumerable.Range(0, count).Select(block => string.Create(CultureInfo.InvariantCulture, $"{list}.{block}"))];

    /// <summary>Runs the model. Call it as <c>call(inputs)</c>: <c>forward</c> runs no hook of the model itself.</summary>
    /// <param name="inputs">The arguments.</param>
    /// <returns>The output; its tensors belong to the current dispose scope, else to the caller.</returns>
    /// <exception cref="ArgumentException">An argument has the wrong shape, dtype or range.</exception>
    public sealed override ModelOutput forward(ModelInputs inputs)
    {
        using var scope = NewDisposeScope();
        var pass = Begin(inputs);
        for (var block = 0; block < BlockCount; block++)
        {
            RunBlock(pass, block);
        }

        return scope.HandOut(Finish(pass));
    }
}
