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

    public int Of(string path)
    {
        if (blockwise is null)
        {
            return Spanning;
        }

        if (path.StartsWith(blockwise.BlocksPath + ".", StringComparison.Ordinal))
        {
            var rest = path.AsSpan(blockwise.BlocksPath.Length + 1);
            var end = rest.IndexOf('.');
            return int.Parse(end < 0 ? rest : rest[..end], System.Globalization.CultureInfo.InvariantCulture);
        }

        if (path.Length == 0 || blockwise.BlocksPath == path || blockwise.BlocksPath.StartsWith(path + ".", StringComparison.Ordinal))
        {
            return Spanning;
        }

        return blockwise.BeginPaths.Any(begin => path == begin || path.StartsWith(begin + ".", StringComparison.Ordinal)) ? -1 : blockwise.BlockCount;
    }
}
