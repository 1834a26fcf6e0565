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

    [Fact]
    public void NativeFilesOfANotebookLieInThePackagesBesideTorchSharp()
    {
        var natives = Path.Combine("runtimes", TorchPackages.Platform, "native");

        Assert.Equal(
            [
                Path.Combine("/packages/torchsharp/0.107.0", natives),
                Path.Combine($"/packages/{TorchPackages.Cpu}/{TorchPackages.LibtorchVersion}", natives),
            ],
            NativeFolders.OfPackages("/packages/torchsharp/0.107.0/lib/net8.0/TorchSharp.dll"));
    }

    [Theory]
    [InlineData("/program/bin/TorchSharp.dll")]
    [InlineData("/TorchSharp.dll")]
    [InlineData("")]
    public void ProgramFolderHasNoPackagesBesideIt(string torchSharp) => Assert.Empty(NativeFolders.OfPackages(torchSharp));
}
