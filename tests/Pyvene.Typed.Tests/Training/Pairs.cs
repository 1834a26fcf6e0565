using Pyvene.Typed.Causal;

namespace Pyvene.Typed.Tests.Training;

/// <summary>Hierarchical equality of booleans.</summary>
[CausalModel]
public sealed partial record Pairs(bool W, bool X, bool Y, bool Z)
{
    public bool WX => W == X;

    public bool YZ => Y == Z;

    public bool Same => WX == YZ;
}
