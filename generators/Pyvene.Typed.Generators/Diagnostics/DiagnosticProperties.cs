namespace Pyvene.Typed.Generators.Diagnostics;

/// <summary>Lists what a diagnostic carries to its code fix.</summary>
internal static class DiagnosticProperties
{
    /// <summary>The name that was probably meant, or that a new local may have.</summary>
    public const string Name = "Name";

    /// <summary>What a result is assigned to, as code.</summary>
    public const string Target = "Target";

    /// <summary>Present where a type is not partial.</summary>
    public const string NotPartial = "NotPartial";
}
