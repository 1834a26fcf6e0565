using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Takes the first position of every text, which encoders of BERT's kind summarise it in.</summary>
internal sealed class FirstPosition() : nn.Module<Tensor, Tensor>(nameof(FirstPosition))
{
    /// <summary>Maps [row, position, dModel] to [row, dModel].</summary>
    public override Tensor forward(Tensor hidden) => hidden.select(1, 0);
}
