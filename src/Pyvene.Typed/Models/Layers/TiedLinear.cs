using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Is a head that shares its weight with an embedding.</summary>
/// <remarks>
/// It asks the embedding for the weight at every call and owns none: a parameter that two modules hold does not survive <c>to(device)</c> in TorchSharp.
/// </remarks>
internal sealed class TiedLinear : nn.Module<Tensor, Tensor>
{
    private readonly Func<Tensor> weight; // [vocab, dModel]; a function, because a field of the embedding would register it here a second time

    public TiedLinear(Embedding embedding)
        : base(nameof(TiedLinear))
    {
        weight = () => embedding.weight;
        RegisterComponents();
    }

    /// <summary>Gets the shared weight: [vocab, dModel].</summary>
    public Tensor Weight => weight();

    /// <summary>Maps [batch, position, dModel] to [batch, position, vocab].</summary>
    public override Tensor forward(Tensor input) => LinearMap.Apply(input, weight(), null);
}
