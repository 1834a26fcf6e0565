using System.Reflection;
using Pyvene.Typed.Tests;

namespace Pyvene.Typed.Package.Tests;

/// <summary>
/// The package of this checkout in a folder feed, for all tests of a run. Its version is of this run alone, so that no package cache can answer with an older
/// one; what the cache holds of it is removed behind the tests.
/// </summary>
public sealed class PackageFeed : IAsyncLifetime
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("pyvene-typed-package-");

    /// <summary>Gets the version of the package.</summary>
    public string Version { get; } = $"0.1.0-test.{Guid.NewGuid():n}";

    /// <summary>Gets the path of the package.</summary>
    public string Package => Path.Combine(Feed, $"Pyvene.Typed.{Version}.nupkg");

    /// <summary>Gets the path of its symbols.</summary>
    public string Symbols => Path.ChangeExtension(Package, ".snupkg");

    private string Feed => Path.Combine(root.FullName, "feed");

    private static string Configuration => typeof(PackageFeed).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    private static string Backend =>
        OperatingSystem.IsMacOS() ? "libtorch-cpu-osx-arm64" : OperatingSystem.IsWindows() ? "libtorch-cpu-win-x64" : "libtorch-cpu-linux-x64";

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        var project = Path.Combine(Repository.Root, "src", "Pyvene.Typed");
        var packed = await Dotnet.Run(project, "pack", "--no-build", "--configuration", Configuration, $"-p:PackageVersion={Version}", "--output", Feed);
        packed.Succeeded();

        // The feed comes on top of the sources that the machine uses; native libraries are linked, as a copy takes 475 MB.
        await File.WriteAllTextAsync(
            Path.Combine(root.FullName, "Directory.Build.props"),
            $"""
            <Project>
              <PropertyGroup>
                <RestoreAdditionalProjectSources>{Feed}</RestoreAdditionalProjectSources>
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
              </PropertyGroup>
            </Project>
            """);
    }

    /// <summary>Copies a consumer out of the repository and lets it reference this run's package; returns its folder.</summary>
    /// <param name="name">The consumer's folder.</param>
    public string Consumer(string name)
    {
        var from = Path.Combine(Repository.Root, "tests", "Pyvene.Typed.Package.Tests", "Consumers", name);
        var to = Path.Combine(root.FullName, Guid.NewGuid().ToString("n"), name);
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.WriteAllText(copy, File.ReadAllText(file)
                .Replace("Pyvene.Typed@0.1.0", $"Pyvene.Typed@{Version}", StringComparison.Ordinal)
                .Replace("\"Pyvene.Typed\" Version=\"0.1.0\"", $"\"Pyvene.Typed\" Version=\"{Version}\"", StringComparison.Ordinal)
                .Replace("libtorch-cpu-linux-x64", Backend, StringComparison.Ordinal));
        }

        return to;
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        var listed = await Dotnet.Run(root.FullName, "nuget", "locals", "global-packages", "--list");
        var cache = listed.Succeeded().Trim()["global-packages: ".Length..];
        var cached = Path.Combine(cache, "pyvene.typed", Version);
        if (Directory.Exists(cached))
        {
            Directory.Delete(cached, recursive: true);
        }

        root.Delete(recursive: true);
    }
}
