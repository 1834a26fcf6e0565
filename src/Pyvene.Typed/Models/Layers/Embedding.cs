using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Looks rows up in a table.</summary>
/// <remarks>TorchSharp's own fills its table with random numbers first, which costs more than reading the weights, and its table cannot be tied.</remarks>
internal sealed class Embedding : nn.Module<Tensor, Tensor>
{
    internal readonly Parameter weight; // [id, dModel]

    public Embedding(long count, long width, Weights weights)
        : base(nameof(Embedding))
    {
        weight = weights.Unfilled(count, width);
        RegisterComponents();
    }

    /// <summary>Returns the rows of ids [batch, position]: [batch, position, dModel].</summary>
    public override Tensor forward(Tensor ids)
    {
        using var flat = ids.reshape(-1); // [batch·position]
        using var rows = weight.Rows(flat); // [batch·position, dModel]
        return rows.view([.. ids.shape, weight.shape[1]]); // [batch, position, dModel]
    }
}
