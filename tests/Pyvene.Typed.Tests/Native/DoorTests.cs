using Pyvene.Typed.Native;

namespace Pyvene.Typed.Tests.Native;

/// <summary>Every way into TorchSharp loads its native library, or says in one sentence what is missing: each as a program of its own.</summary>
[Trait("Category", "Doors")]
public sealed class DoorTests
{
    private const string TorchSharpFirst =
        """
        using var ones = TorchSharp.torch.ones(2, 3);
        System.Console.WriteLine(ones.sum().item<float>());
        """;

    private const string LibraryFirst =
        """
        if (args.Length > 0) System.Console.WriteLine(typeof(Pyvene.Typed.Errors.NativeLibraryException));
        else Pyvene.Typed.Native.TorchLibrary.EnsureLoaded();
        using var ones = TorchSharp.torch.ones(2, 3);
        System.Console.WriteLine(ones.sum().item<float>());
        """;

    [Fact]
    public async Task FileBasedAppLoadsWithLinkedFiles()
    {
        using var program = new TemporaryProgram(TorchSharpFirst + "\nSystem.Console.WriteLine(System.AppContext.BaseDirectory);");

        var run = (await program.RunAsFile()).RequireSuccess();

        var lines = run.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("6", lines[0]);
        RequireLinks(lines[1]);
        // bin/debug/ of a folder that the command made for this file alone.
        Directory.Delete(Path.Combine(lines[1], "..", ".."), recursive: true);
    }

    [Fact]
    public async Task ProgramWhoseFirstCallIsTorchSharpsLoadsAlsoOnAnOlderSystemAndSaysWhatIsMissing()
    {
        using var program = new TemporaryProgram(TorchSharpFirst);
        await program.Build();

        RequireSix(await program.Run());
        RequireLinks(program.OutputFolder);
        if (!OperatingSystem.IsLinux()) return;

        RequireSix(await program.Run(OlderSystem(program)));

        var natives = NativeFolder(program);
        File.Delete(Path.Combine(natives, "libgomp-98b21ff3.so.1"));
        var failure = await program.Run(NoPackages(program));
        Assert.NotEqual(0, failure.ExitCode);
        Assert.StartsWith($"{natives}/libtorch.so does not load: libgomp-98b21ff3.so.1: cannot open shared object file", failure.Error);
        RequireNoCopy(program);
    }

    [Fact]
    public async Task ProgramThroughTheLibraryLoadsWithoutTheGeneratorAndSaysWhatIsMissing()
    {
        using var program = new TemporaryProgram(LibraryFirst, properties: "TorchBackend.props");
        await program.Build();

        RequireSix(await program.Run());
        var withoutAsking = (await program.Run("type-only")).RequireSuccess();
        Assert.EndsWith("6", withoutAsking.Output.TrimEnd());
        if (!OperatingSystem.IsLinux()) return;

        RequireSix(await program.Run(OlderSystem(program)));

        // Not beside the program, but in the package cache.
        File.Delete(Path.Combine(NativeFolder(program), "libtorch.so"));
        RequireSix(await program.Run());
        RequireNoCopy(program);

        var failure = await program.Run(NoPackages(program));
        Assert.NotEqual(0, failure.ExitCode);
        Assert.Contains(
            "NativeLibraryException: TorchSharp's native library libtorch.so was not found: reference the package libtorch-cpu-linux-x64", failure.Error);
        Assert.DoesNotContain("TypeInitializationException", failure.Error);
        RequireNoCopy(program);
    }

    [LinuxFact]
    public async Task ProgramForOnePlatformLoadsWithTheFilesBesideIt()
    {
        using var program = new TemporaryProgram(TorchSharpFirst);
        await program.Build("linux-x64");

        Assert.True(File.Exists(Path.Combine(program.OutputFolder, "libtorch_cpu.so")));
        RequireSix(await program.Run());
        RequireSix(await program.Run(OlderSystem(program)));
    }

    private static void RequireSix(DotnetProcess run) => Assert.Equal("6", run.RequireSuccess().Output.Trim());

    /// <summary>Every function is looked up when its library is loaded, not at its first call: one that is not there after all shows.</summary>
    private static Dictionary<string, string> OlderSystem(TemporaryProgram program)
    {
        var folder = Path.Combine(program.Folder, "older");
        OldCxxRuntime.WriteTo(folder);
        return new Dictionary<string, string> { ["LD_LIBRARY_PATH"] = folder, ["LD_BIND_NOW"] = "1" };
    }

    // The last resort is the package cache; here it shall have nothing.
    private static Dictionary<string, string> NoPackages(TemporaryProgram program) => new() { ["NUGET_PACKAGES"] = Path.Combine(program.Folder, "none") };

    private static string NativeFolder(TemporaryProgram program) => Path.Combine(program.OutputFolder, "runtimes", TorchPackages.Platform, "native");

    private static void RequireNoCopy(TemporaryProgram program) => Assert.False(Directory.Exists(Path.Combine(program.OutputFolder, "cpu")));

    /// <summary>The large library is one file with two names, so a build takes no space; and there is the one of this platform only.</summary>
    private static void RequireLinks(string output)
    {
        var library = Assert.Single(Directory.GetFiles(output, "*torch_cpu.*", SearchOption.AllDirectories));
        if (OperatingSystem.IsLinux()) Assert.True(HardLinks.Count(library) > 1, $"{library} is a copy.");
    }
}
