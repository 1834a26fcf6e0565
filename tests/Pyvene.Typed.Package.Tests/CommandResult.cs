namespace Pyvene.Typed.Package.Tests;

/// <summary>What a command left behind.</summary>
/// <param name="ExitCode">0 when it succeeded.</param>
/// <param name="Output">What it printed, errors behind the rest.</param>
internal sealed record CommandResult(int ExitCode, string Output)
{
    /// <summary>Returns the output; fails with it when the command did.</summary>
    public string Succeeded()
    {
        Assert.True(ExitCode == 0, Output);
        return Output;
    }

    /// <summary>Returns the output; fails with it when the command did not fail.</summary>
    public string Failed()
    {
        Assert.True(ExitCode != 0, Output);
        return Output;
    }
}
