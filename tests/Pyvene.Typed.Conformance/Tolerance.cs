namespace Pyvene.Typed.Conformance;

/// <summary>How far a value may lie from the recorded one: <c>|got - want| &lt;= Atol + Rtol * |want|</c>.</summary>
/// <param name="Rtol">The part that grows with the recorded value.</param>
/// <param name="Atol">The part that does not.</param>
internal readonly record struct Tolerance(double Rtol, double Atol)
{
    /// <summary>The default of forward values.</summary>
    public static Tolerance Forward { get; } = new(1e-4, 1e-5);

    /// <summary>The default of gradients.</summary>
    public static Tolerance Gradient { get; } = new(1e-3, 1e-5);

    /// <summary>The default of intervened runs.</summary>
    public static Tolerance Intervened { get; } = new(1e-4, 5e-5);
}
