using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Pyvene.Typed.Native;

/// <summary>Registers the native library for every program that calls this library before TorchSharp.</summary>
internal static class TorchModuleInitializer
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "TorchSharp may be used right after the first call to this library; nothing else runs before both.")]
    internal static void Initialize()
    {
        TorchLibrary.Register();
        UncaughtError.Watch();
    }
}
