using Pyvene.Typed.Causal;

namespace Pyvene.Typed.Tests.Causal;

/// <summary>Hierarchical equality: whether W = X is the same as whether Y = Z.</summary>
internal static class EqualityModel
{
    private static readonly CausalValue[] Booleans = [true, false];

    public static CausalModel Of(params CausalValue[] symbols) => new(
    [
        CausalVariable.Input("W", symbols),
        CausalVariable.Input("X", symbols),
        CausalVariable.Input("Y", symbols),
        CausalVariable.Input("Z", symbols),
        CausalVariable.Computed("WX", Booleans, ["W", "X"], pair => pair[0] == pair[1]),
        CausalVariable.Computed("YZ", Booleans, ["Y", "Z"], pair => pair[0] == pair[1]),
        CausalVariable.Computed("O", Booleans, ["WX", "YZ"], pair => pair[0] == pair[1]),
    ]);
}
