using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Multiplies rows by a weight: the one place in which the linear maps of all models are computed.</summary>
internal static class LinearMap
{
    // So few rows take no longer than reading the matrix, if nothing but that is done.
    private const long MostRead = 16;

    // MKL has slow kernels for a few rows times a large matrix: it reads the matrix at a third of the memory's speed. With the matrix on the left and the rows
    // as columns it takes others, up to 1.9 times as fast. One to three rows, and many, are as fast or faster the usual way round.
    private const long FewestTurned = 4;
    private const long MostTurned = 48;

    /// <summary>Maps the last axis of a tensor.</summary>
    /// <param name="input">[…, in].</param>
    /// <param name="weight">[out, in]; it is fastest when it lies in memory like that.</param>
    /// <param name="bias">[out], or <see langword="null"/>.</param>
    /// <returns>A fresh tensor […, out]; it belongs to the current dispose scope.</returns>
    public static Tensor Apply(Tensor input, Tensor weight, Tensor? bias)
    {
        var shape = input.shape;
        var rows = input.numel() / shape[^1];
        if (rows is > 0 and <= MostRead && RowProduct.Fits(input, weight, bias))
        {
            return RowProduct.Apply(input, weight, bias);
        }

        if (rows is < FewestTurned or > MostTurned || input.dtype != ScalarType.Float32 || input.device_type != DeviceType.CPU)
        {
            return nn.functional.linear(input, weight, bias);
        }

        using var flat = input.reshape(rows, shape[^1]); // [row, in]
        using var columns = flat.t(); // [in, row]
        using var product = Turned(weight, columns, bias); // [out, row]
        using var turned = product.t(); // [row, out]
        using var contiguous = turned.contiguous();
        shape[^1] = weight.shape[0];
        return contiguous.view(shape); // […, out]
    }

    private static Tensor Turned(Tensor weight, Tensor columns, Tensor? bias)
    {
        if (bias is null)
        {
            return weight.mm(columns);
        }

        using var added = bias.unsqueeze(1); // [out, 1]
        return addmm(added, weight, columns, 1, 1);
    }
}
