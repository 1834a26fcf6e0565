using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Gives the class token and the patches of a picture the embeddings of their places.</summary>
internal static class PatchPositions
{
    /// <summary>
    /// Returns the embeddings for a picture: the table itself, or, for one that has another grid of patches or is not square, the table stretched to it
    /// bicubically, as transformers does.
    /// </summary>
    /// <param name="table">The embeddings of the class token and of a square of patches, row by row: [1 + patch, dModel].</param>
    /// <param name="pixels">The picture: [batch, channel, height, width].</param>
    /// <param name="size">How many pixels a patch is wide and high.</param>
    /// <returns>[1 + patch of the picture, dModel]; it belongs to the current dispose scope.</returns>
    public static Tensor For(Tensor table, Tensor pixels, long size)
    {
        if (AreKnown(table, pixels, size))
        {
            return table.alias();
        }

        using var scope = NewDisposeScope();
        var (rows, columns, known) = (pixels.shape[2] / size, pixels.shape[3] / size, table.shape[0] - 1);
        var side = (long)Math.Sqrt(known);
        var square = table.narrow(0, 1, known).view(1, side, side, -1).permute(0, 3, 1, 2); // [1, dModel, side, side]
        var stretched = nn.functional.interpolate(square, size: [rows, columns], mode: InterpolationMode.Bicubic, align_corners: false);
        var places = stretched.permute(0, 2, 3, 1).reshape(rows * columns, -1); // [patch, dModel]
        return scope.HandOut(cat([table.narrow(0, 0, 1), places], 0));
    }

    /// <summary>Returns whether a picture has the places of the table, so that nothing is stretched.</summary>
    /// <inheritdoc cref="For(Tensor, Tensor, long)"/>
    public static bool AreKnown(Tensor table, Tensor pixels, long size)
    {
        var (height, width) = (pixels.shape[2], pixels.shape[3]);
        return height / size * (width / size) == table.shape[0] - 1 && height == width;
    }
}
