using System.Text.Json;
using Pyvene.Typed.Native;

namespace Pyvene.Typed.Tests.Native;

/// <summary>What the property <c>TorchBackend</c> makes a project restore; nothing is downloaded.</summary>
[Trait("Category", "Doors")]
public sealed class TorchBackendTests
{
    [Fact]
    public async Task DefaultIsTheLibraryOfThisPlatformAlone() => Assert.Equal([TorchPackages.Cpu], await NativePackages());

    [Fact]
    public async Task CudaTakesThePlaceOfTheCpu() =>
        Assert.Equal([OperatingSystem.IsWindows() ? "TorchSharp-cuda-windows" : "TorchSharp-cuda-linux"], await NativePackages("-p:TorchBackend=cuda"));

    [Fact]
    public async Task NoneRestoresNone() => Assert.Empty(await NativePackages("-p:TorchBackend=none"));

    private static async Task<string[]> NativePackages(params string[] arguments)
    {
        var run = await DotnetProcess.Run(
            Repository.Root, new Dictionary<string, string>(), ["msbuild", "tests/Pyvene.Typed.Conformance", "-getItem:PackageReference", .. arguments]);
        using var items = JsonDocument.Parse(run.RequireSuccess().Output);
        return [.. items.RootElement.GetProperty("Items").GetProperty("PackageReference").EnumerateArray()
            .Select(item => item.GetProperty("Identity").GetString()!)
            .Where(name => name.StartsWith("libtorch-", StringComparison.Ordinal) || name.StartsWith("TorchSharp-", StringComparison.Ordinal))];
    }
}
