namespace Pyvene.Typed.Native;

/// <summary>The folders in which the native files of packages lie.</summary>
internal static class NativeFolders
{
    /// <summary>Finds a native file where the .NET runtime looks for one, and in a notebook in the folders of the packages.</summary>
    /// <param name="file">The name of the file.</param>
    /// <param name="torchSharp">Where <c>TorchSharp.dll</c> was loaded from.</param>
    /// <returns>The full path, or null where there is none.</returns>
    /// <remarks>
    /// The host lists the output folder's <c>runtimes/linux-x64/native</c>, a folder of the package cache, or, for a program built for one platform, the
    /// folder of the program itself.
    /// </remarks>
    public static string? Find(string file, string torchSharp)
    {
        var listed = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        return listed.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(AppContext.BaseDirectory)
            .Concat(OfPackages(torchSharp))
            .Select(folder => Path.Combine(folder, file))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>
    /// The folders of the packages beside <c>packages/torchsharp/0.107.0/lib/net8.0/TorchSharp.dll</c>, or none where it does not lie in such a place.
    /// Notebooks load it from there, and their host lists no folders.
    /// </summary>
    internal static IEnumerable<string> OfPackages(string torchSharp)
    {
        var lib = Path.GetDirectoryName(Path.GetDirectoryName(torchSharp));
        var version = Path.GetDirectoryName(lib);
        var package = Path.GetDirectoryName(version);
        if (version is null || package is null || Path.GetFileName(lib) != "lib" || Path.GetFileName(package) != "torchsharp") yield break;

        var natives = Path.Combine("runtimes", TorchPackages.Platform, "native");
        yield return Path.Combine(version, natives);
        yield return Path.Combine(Path.GetDirectoryName(package) ?? "", TorchPackages.Cpu, TorchPackages.LibtorchVersion, natives);
    }
}
