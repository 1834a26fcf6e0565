using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions.Trainable;

/// <summary>Is a fixed orthogonal matrix of n × n that is multiplied with few columns.</summary>
internal abstract class OrthogonalBasis(string name) : nn.Module(name)
{
    /// <summary>Multiplies it with columns: [n, column], with gradients to them.</summary>
    public abstract Tensor Times(Tensor columns);

    /// <summary>Writes it out: [n, n].</summary>
    public abstract Tensor ToMatrix();
}
