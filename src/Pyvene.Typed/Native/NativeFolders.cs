namespace Pyvene.Typed.Native;

/// <summary>The folders in which the native files of packages lie.</summary>
internal static class NativeFolders
{
    /// <summary>Finds a native file where the .NET runtime looks for one, then in the package folders where TorchSharp looks for one.</summary>
    /// <param name="file">The name of the file.</param>
    /// <param name="torchSharp">Where <c>TorchSharp.dll</c> was loaded from.</param>
    /// <returns>The full path, or null where there is none.</returns>
    /// <remarks>
    /// The host lists the output folder's <c>runtimes/linux-x64/native</c>, a folder of the package cache, or, for a program built for one platform, the
    /// folder of the program itself. TorchSharp copies from package folders, 475 MB for every program; here the files are used in place.
    /// </remarks>
    public static string? Find(string file, string torchSharp)
    {
        var listed = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        return listed.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(AppContext.BaseDirectory)
            .Concat(OfPackages(PackagesAround(torchSharp) ?? GlobalPackages()))
            .Select(folder => Path.Combine(folder, file))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>
    /// The folder of all packages if this is <c>packages/torchsharp/0.107.0/lib/net8.0/TorchSharp.dll</c>, from where notebooks load it, or null.
    /// </summary>
    internal static string? PackagesAround(string torchSharp)
    {
        var lib = Path.GetDirectoryName(Path.GetDirectoryName(torchSharp));
        var package = Path.GetDirectoryName(Path.GetDirectoryName(lib));
        return Path.GetFileName(lib) == "lib" && Path.GetFileName(package) == "torchsharp" ? Path.GetDirectoryName(package) : null;
    }

    private static string GlobalPackages() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } chosen
            ? chosen
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static IEnumerable<string> OfPackages(string packages)
    {
        var natives = Path.Combine("runtimes", TorchPackages.Platform, "native");
        yield return Path.Combine(packages, "torchsharp", TorchPackages.TorchSharpVersion, natives);
        yield return Path.Combine(packages, TorchPackages.Cpu, TorchPackages.LibtorchVersion, natives);
    }
}
