namespace Pyvene.Typed.Generators.Tests;

/// <summary>An edit that makes a good descriptor wrong in one way.</summary>
/// <param name="Rule">The rule that finds it.</param>
/// <param name="Before">What the good descriptor has.</param>
/// <param name="After">What stands there instead; what is reported is between « and ».</param>
/// <param name="Message">The message.</param>
public sealed record DiagnosticCase(string Rule, string Before, string After, string Message)
{
    public override string ToString() => $"{Rule}: {Message}";
}
