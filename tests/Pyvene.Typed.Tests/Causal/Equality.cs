using Pyvene.Typed.Causal;

namespace Pyvene.Typed.Tests.Causal;

/// <summary>Hierarchical equality as a type: whether W = X is the same as whether Y = Z.</summary>
[CausalModel]
public sealed partial record Equality(Symbol W, Symbol X, Symbol Y, Symbol Z)
{
    public bool WX => W == X;

    public bool YZ => Y == Z;

    public bool Same => WX == YZ;
}
