using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is a model of towers with the stages of one behind those of the other.</summary>
/// <param name="model">The model.</param>
/// <param name="towers">Its towers, in the order in which they run.</param>
internal sealed class TowerStages(TowersModel model, IReadOnlyList<Tower> towers) : IBlockwiseModel
{
    /// <inheritdoc/>
    public IReadOnlyList<string> BlockPaths { get; } = [.. towers.SelectMany(tower => tower.StagePaths)];

    /// <inheritdoc/>
    public IReadOnlyList<string> BeginPaths { get; } = [.. towers.SelectMany(tower => tower.BeginPaths)];

    /// <inheritdoc/>
    public int LastBeginning => towers[0].Body.BlockCount;

    /// <inheritdoc/>
    public BlockwisePass Begin(ModelInputs inputs)
    {
        model.CheckArguments(inputs);
        return new TowersPass(inputs, [.. from tower in towers
            let own = tower.InputsOf(inputs)
            where own is not null
            select new TowerPass(tower, tower.Body.Begin(own))]);
    }

    /// <inheritdoc/>
    public void RunBlock(BlockwisePass pass, int block)
    {
        var running = BlockwisePass.Of<TowersPass>(pass);
        foreach (var tower in towers)
        {
            var count = tower.Body.BlockCount;
            if (block <= count + 1)
            {
                if (running.Begin(tower) is { } own) Run(own, block - count);
                return;
            }

            block -= count + 2;
        }

        void Run(TowerPass own, int behind)
        {
            if (behind < 0)
            {
                own.Body!.Hidden = pass.Hidden;
                own.Tower.Body.RunBlock(own.Body, own.Tower.Body.BlockCount + behind);
                pass.Hidden = own.Body.Hidden; // [row, position, dModel]
            }
            else if (behind == 0)
            {
                own.Body!.Hidden = pass.Hidden;
                own.Output = own.Tower.Body.Finish(own.Body);
                own.Body = null;
            }
            else
            {
                own.Features = own.Tower.Projecting.call(own.Output!.PoolerOutput!); // [row, dProjection]
            }
        }
    }

    /// <inheritdoc/>
    public ModelOutput Finish(BlockwisePass pass) => model.Finish(pass);
}
