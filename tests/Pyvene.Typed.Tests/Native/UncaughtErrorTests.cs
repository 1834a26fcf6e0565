using System.Diagnostics;

namespace Pyvene.Typed.Tests.Native;

/// <summary>TorchSharp does not catch what goes wrong in some calls; the program still ends with a sentence and the line that made the call.</summary>
public sealed class UncaughtErrorTests
{
    [Fact]
    public void ProductOfUnfitShapesEndsTheProgramWithASentenceAndTheCall()
    {
        if (!OperatingSystem.IsLinux()) return;
        var start = new ProcessStartInfo("dotnet", [typeof(UncaughtErrorTests).Assembly.Location, "uncaught"]) { RedirectStandardError = true };
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        using var child = Process.Start(start)!;
        var told = child.StandardError.ReadToEnd();
        child.WaitForExit();
        Assert.NotEqual(0, child.ExitCode);
        Assert.Contains("libtorch failed: mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3). TorchSharp does not catch this error", told,
            StringComparison.Ordinal);
        Assert.Contains("MemoryProgram.Main", told, StringComparison.Ordinal);
        Assert.DoesNotContain("frame #", told, StringComparison.Ordinal);
    }
}
