using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>
/// Is the base of models that compare what encoders beside each other make. Their blocks are those of one tower behind those of the other, each with its
/// end, so that many runs that differ in the later tower alone run the first one once.
/// </summary>
internal abstract class TowersModel : BlockwiseModel
{
    private protected TowersModel(string name, ModelConfig config)
        : base(name, config)
    {
    }

    /// <summary>Gets false: what a row gives depends on all rows of the other tower, of which there may be more or fewer.</summary>
    internal sealed override bool RowsAreIndependent => false;

    /// <inheritdoc/>
    internal sealed override bool KeepsRunsApart => true;

    /// <inheritdoc/>
    public sealed override IReadOnlyList<string> BlockPaths => Stages.BlockPaths;

    /// <inheritdoc/>
    public sealed override IReadOnlyList<string> BeginPaths => Stages.BeginPaths;

    /// <inheritdoc/>
    public sealed override int LastBeginning => Stages.LastBeginning;

    /// <summary>Gets the towers.</summary>
    internal abstract IReadOnlyList<Tower> Towers { get; }

    private TowerStages Stages => new(this, Towers);

    /// <inheritdoc/>
    public sealed override BlockwisePass Begin(ModelInputs inputs) => Stages.Begin(inputs);

    /// <inheritdoc/>
    public sealed override void RunBlock(BlockwisePass pass, int block) => Stages.RunBlock(pass, block);

    /// <inheritdoc/>
    public sealed override ModelOutput Finish(BlockwisePass pass)
    {
        using var scope = NewDisposeScope();
        return scope.HandOut(Finish(BlockwisePass.Of<TowersPass>(pass)));
    }

    /// <summary>Returns the stages in the order in which towers without such a module come first.</summary>
    internal sealed override IBlockwiseModel StagesFor(IReadOnlyCollection<string> paths)
    {
        Tower[] order = [.. Towers.OrderBy(tower => paths.Any(tower.Has))];
        return order.SequenceEqual(Towers) ? this : new TowerStages(this, order);
    }

    /// <summary>Compares what the towers made.</summary>
    /// <param name="pass">The pass behind all towers.</param>
    private protected abstract ModelOutput Finish(TowersPass pass);
}
