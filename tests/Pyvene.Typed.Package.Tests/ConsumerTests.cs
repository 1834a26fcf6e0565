using Pyvene.Typed.Tests;

namespace Pyvene.Typed.Package.Tests;

[Collection(PackageCollection.Name)]
public sealed class ConsumerTests(PackageFeed feed)
{
    private static readonly string Primer = Path.Combine(Repository.Root, "models", "primer");

    [Fact]
    public async Task AConsoleProjectRunsAModelAndHasAnArchitectureOfItsOwn()
    {
        var printed = (await Dotnet.Run(feed.Consumer("ConsoleProgram"), "run", "--", Primer)).Succeeded();
        Assert.EndsWith("logits of 5 positions, 1 receipt\nrobot\n", printed.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileBasedAppHasAnArchitectureOfItsOwnAndMayCallTorchSharpFirst()
    {
        var printed = (await Dotnet.Run(feed.Consumer("FileBasedApp"), "run", "app.cs")).Succeeded();
        Assert.EndsWith("6\nforecast\n", printed.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AProgramWithoutABackEndOrWithAnOldCompilerIsToldSo()
    {
        var folder = feed.Consumer("ConsoleProgram");
        var refused = (await Dotnet.Run(folder, "build", "-p:WithoutBackend=true")).Failed();
        Assert.Contains("ConsoleProgram.csproj : error PVTB001: No back end of TorchSharp is referenced", refused, StringComparison.Ordinal);
        Assert.Contains("libtorch-cpu-linux-x64", refused, StringComparison.Ordinal);
        Assert.Contains("PyveneTyped_RequireTorchBackend", refused, StringComparison.Ordinal);

        (await Dotnet.Run(folder, "build", "--no-restore", "-p:WithoutBackend=true", "-p:PyveneTyped_RequireTorchBackend=false")).Succeeded();

        var old = (await Dotnet.Run(
            folder, "build", "--no-restore", "-p:WithoutBackend=true", "-p:PyveneTyped_RequireTorchBackend=false", "-p:CompilerApiVersion=roslyn4.8")).Failed();
        Assert.Contains(
            "ConsoleProgram.csproj : error PVTB002: This build uses the C# compiler 4.8; Pyvene.Typed generates typed components with 4.14 or newer.",
            old,
            StringComparison.Ordinal);
    }
}
