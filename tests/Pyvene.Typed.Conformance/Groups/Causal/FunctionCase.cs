namespace Pyvene.Typed.Conformance.Groups.Causal;

/// <summary>Checks a function that pyvene has beside its causal models.</summary>
internal static class FunctionCase
{
    public static void Check(GoldenCase golden, Comparison comparison) =>
        throw new UnsupportedCaseException($"function '{golden.Text("function")}' is not supported yet");
}
