using System.Runtime.InteropServices;

namespace Pyvene.Typed.Native;

/// <summary>Which packages carry the native libraries for this platform, and how the files are called.</summary>
internal static class TorchPackages
{
    public const string TorchSharpVersion = "0.107.0";
    public const string LibtorchVersion = "2.10.0";

    /// <summary>The platform as packages name it. Unlike the runtime's own identifier it never names a distribution.</summary>
    public static string Platform { get; } =
        (OperatingSystem.IsWindows() ? "win-" : OperatingSystem.IsMacOS() ? "osx-" : "linux-")
        + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <summary>The package with libtorch for the CPU.</summary>
    public static string Cpu => $"libtorch-cpu-{Platform}";

    /// <summary>TorchSharp's own native library, which binds libtorch.</summary>
    public static string Binding => "libLibTorchSharp" + Extension;

    /// <summary>The library that brings all other libraries of libtorch along, for the CPU and for CUDA.</summary>
    public static string Libtorch => "libtorch" + Extension;

    private static string Extension => OperatingSystem.IsMacOS() ? ".dylib" : ".so";
}
