using Pyvene.Typed.Causal;

namespace Pyvene.Typed.Tests.Causal;

/// <summary>A model with variables of every kind but booleans alone.</summary>
[CausalModel]
public sealed partial class Sum
{
    public static IReadOnlyList<CausalValue> Vectors { get; } = [new[] { 0.5, 1.5 }, new[] { 2.5, -1.5 }];

    [Between(0, 2)]
    public required byte A { get; init; }

    [OneOf("one", "two")]
    public required string B { get; init; }

    [OneOf(From = nameof(Vectors))]
    public required CausalValue C { get; init; }

    [Between(0, 4)]
    public int Total => A + (B == "two" ? 2 : 1);

    public float First
    {
        get
        {
            var numbers = C.AsVector();
            return (float)numbers[0] * Sign;
        }
    }

    public double Result => Total + First;

    private static int Sign => 1;
}
