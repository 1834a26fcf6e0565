using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Looks rows up in a table.</summary>
/// <remarks>TorchSharp's own fills its table with random numbers first, which costs more than reading the weights, and its table cannot be tied.</remarks>
internal sealed class Embedding : nn.Module<Tensor, Tensor>
{
    internal readonly Parameter weight; // [id, dModel]

    private readonly double? scale;

    public Embedding(long count, long width, Weights weights, double? scale = null)
        : base(nameof(Embedding))
    {
        this.scale = scale;
        weight = weights.Unfilled(count, width);
        RegisterComponents();
    }

    /// <summary>Returns the rows of ids [batch, position]: [batch, position, dModel].</summary>
    public override Tensor forward(Tensor ids) => RowsOf(ids);

    /// <summary>Returns the rows of ids, [batch, position, dModel], and runs no hook: for what reads the table beside a call of this module.</summary>
    /// <param name="ids">[batch, position].</param>
    public Tensor RowsOf(Tensor ids)
    {
        using var flat = ids.reshape(-1); // [batch·position]
        using var rows = weight.Rows(flat); // [batch·position, dModel]
        if (scale is { } factor)
        {
            using var scaled = Scaled(rows, factor); // [batch·position, dModel]
            return scaled.view([.. ids.shape, weight.shape[1]]); // [batch, position, dModel]
        }

        return rows.view([.. ids.shape, weight.shape[1]]); // [batch, position, dModel]
    }

    /// <summary>Returns embeddings times a factor, which is rounded to their dtype before it is multiplied with.</summary>
    /// <param name="embeddings">[…, dModel].</param>
    /// <param name="factor">The factor.</param>
    public static Tensor Scaled(Tensor embeddings, double factor)
    {
        using var rounded = tensor(factor, embeddings.dtype, embeddings.device);
        return embeddings.mul(rounded);
    }
}
