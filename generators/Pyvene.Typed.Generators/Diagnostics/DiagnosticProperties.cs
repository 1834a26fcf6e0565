namespace Pyvene.Typed.Generators.Diagnostics;

/// <summary>Lists what a diagnostic carries to its code fix.</summary>
internal static class DiagnosticProperties
{
    /// <summary>The name that was probably meant.</summary>
    public const string Name = "Name";

    /// <summary>What a result is assigned to, as code.</summary>
    public const string Target = "Target";
}
