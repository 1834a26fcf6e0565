using System.Runtime.InteropServices;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Files;

namespace Pyvene.Typed.Native;

/// <summary>Loads libtorch and TorchSharp's binding of it by their full paths; the binding, on older Linux systems, from a corrected copy in memory.</summary>
internal static class NativeTorch
{
    /// <summary>
    /// What the binding takes from newer C++ runtimes than an older system has, and the version under which that system has the same.
    /// 3.4.32 (GCC 13) stands for one marker that no code calls. 3.4.30 (GCC 12) stands for a wait that only lost its right to throw; it has been
    /// there since 3.4.11 (GCC 4.4).
    /// </summary>
    internal static readonly SymbolVersion[] NewerThanOldSystems =
    [
        new("_ZSt21ios_base_library_initv", "GLIBCXX_3.4.32", "GLIBCXX_3.4.9"),
        new("_ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE", "GLIBCXX_3.4.30", "GLIBCXX_3.4.11"),
    ];

    private const long LargestLibrary = 1L << 30;

    /// <summary>Loads the binding with all that it needs.</summary>
    /// <param name="torchSharp">Where <c>TorchSharp.dll</c> was loaded from.</param>
    /// <exception cref="NativeLibraryException">A file is not there or does not load, or TorchSharp does not run on this platform.</exception>
    public static nint Load(string torchSharp)
    {
        RequireSupportedPlatform();
        var binding = Find(TorchPackages.Binding, torchSharp, $"TorchSharp {TorchPackages.TorchSharpVersion}");
        var libtorch = Find(TorchPackages.Libtorch, torchSharp,
            $"{TorchPackages.Cpu} {TorchPackages.LibtorchVersion}"
            + (OperatingSystem.IsLinux() ? $" (for CUDA TorchSharp-cuda-linux {TorchPackages.TorchSharpVersion})" : ""));

        // The binding names its neighbours without a folder: they are found because they are loaded already.
        LoadFile(libtorch, libtorch);

        var lacking = OperatingSystem.IsLinux() ? CxxRuntime.Lacking(NewerThanOldSystems) : [];
        return lacking.Length == 0 ? LoadFile(binding, binding) : LoadCorrected(binding, lacking);
    }

    private static void RequireSupportedPlatform()
    {
        if (TorchPackages.Platform is "linux-x64" or "osx-arm64") return;
        throw new NativeLibraryException(TorchPackages.Binding, OperatingSystem.IsWindows()
            ? $"TorchSharp {TorchPackages.TorchSharpVersion} does not load on Windows, because it was built against another libtorch than its packages carry "
              + "(https://github.com/dotnet/TorchSharp/issues/1567): run the program under Linux, for example in WSL."
            : $"TorchSharp {TorchPackages.TorchSharpVersion} has no native library for {TorchPackages.Platform}: run the program on linux-x64 or osx-arm64.");
    }

    private static string Find(string file, string torchSharp, string package) =>
        NativeFolders.Find(file, torchSharp)
        ?? throw new NativeLibraryException(file, $"TorchSharp's native library {file} was not found: reference the package {package} in the program itself.");

    private static nint LoadCorrected(string path, SymbolVersion[] lacking)
    {
        try
        {
            var image = RegularFile.ReadAllBytes(path, LargestLibrary, RegularFile.SystemError(path));
            ElfVersionNeeds.UseOlder(image, CxxRuntime.FileName, lacking);
            using var file = AnonymousFile.Create(TorchPackages.Binding, image);
            return LoadFile(file.Path, path);
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new NativeLibraryException(TorchPackages.Binding,
                $"{path} needs a newer C++ runtime ({lacking[0].Version}) than this system has, and cannot be corrected in memory: {failure.Message}", failure);
        }
    }

    /// <param name="file">What to load.</param>
    /// <param name="path">The file on disk, for the message.</param>
    private static nint LoadFile(string file, string path)
    {
        try
        {
            return NativeLibrary.Load(file);
        }
        catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException)
        {
            throw new NativeLibraryException(Path.GetFileName(path), $"{path} does not load: {Reason(failure)}.", failure);
        }
    }

    // The runtime puts general advice first; the words of the system's loader are the last line.
    private static string Reason(Exception failure) =>
        failure.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? failure.GetType().Name;
}
