using System.Text.RegularExpressions;
using Pyvene.Typed.Native;
using TorchSharp;

namespace Pyvene.Typed.Tests.Native;

public sealed class TorchLibraryTests
{
    [Fact]
    public void TorchSharpComputesInATestProcess()
    {
        using var ones = torch.ones(2, 3);
        using var sum = ones.sum();

        Assert.Equal(6f, sum.item<float>());
    }

    [Fact]
    public void LoadingTwiceAndFromSeveralThreadsIsTheSameAsOnce() =>
        Parallel.For(0, 8, _ =>
        {
            TorchLibrary.Register();
            TorchLibrary.EnsureLoaded();
        });

    [Fact]
    public void MessagesNameTheVersionsThatTheRepositoryUses()
    {
        var versions = File.ReadAllText(Path.Combine(Repository.Root, "Directory.Packages.props"));

        Assert.Equal(TorchPackages.TorchSharpVersion, Version("TorchSharp"));
        Assert.Equal(TorchPackages.LibtorchVersion, Version("libtorch-cpu-linux-x64"));

        string Version(string package) => Regex.Match(versions, $"Include=\"{package}\" Version=\"([^\"]+)\"").Groups[1].Value;
    }

    [Theory]
    [InlineData("/packages/torchsharp/0.107.0/lib/net8.0/TorchSharp.dll", "/packages")]
    [InlineData("/program/bin/TorchSharp.dll", null)]
    [InlineData("/TorchSharp.dll", null)]
    [InlineData("", null)]
    public void PackagesLieAroundTorchSharpInANotebookAlone(string torchSharp, string? packages) =>
        Assert.Equal(packages, NativeFolders.PackagesAround(torchSharp));
}
