using Pyvene.Typed.Models;

namespace Pyvene.Typed.Engine;

/// <summary>Tells in which stage of the forward pass a module runs: −1 the beginning, 0 … the blocks, then the end.</summary>
/// <remarks>
/// A model that does not run block by block has one stage, 0. So has a module that spans several stages: then the whole model must run in one call.
/// </remarks>
internal sealed class Stages(IBlockwiseModel? blockwise)
{
    /// <summary>The stage of a module that spans stages: with one of these the model runs in one call.</summary>
    public const int Spanning = int.MinValue;

    private readonly Dictionary<string, int> blocks = (blockwise?.BlockPaths ?? []).Index().ToDictionary(item => item.Item, item => item.Index);

    public int Of(string path)
    {
        if (blockwise is null || path.Length == 0 || Around(path).Any(blockwise.SharedPaths.Contains))
        {
            return Spanning;
        }

        foreach (var outer in Around(path))
        {
            if (blocks.TryGetValue(outer, out var block)) return block;
        }

        return blocks.Keys.Any(block => block.StartsWith(path + ".", StringComparison.Ordinal)) ? Spanning
            : Around(path).Any(blockwise.BeginPaths.Contains) ? -1
            : blockwise.BlockCount;
    }

    /// <summary>Returns a path and those of the modules around it, from the inside.</summary>
    private static IEnumerable<string> Around(string path)
    {
        for (var end = path.Length; end > 0; end = path.LastIndexOf('.', end - 1))
        {
            yield return path[..end];
        }
    }
}
