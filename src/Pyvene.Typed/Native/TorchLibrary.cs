using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Native;

/// <summary>Loads TorchSharp's native library, also on systems whose C++ runtime is older than the one it was built with.</summary>
/// <remarks>
/// The published <c>libLibTorchSharp.so</c> does not load on Debian 12, Ubuntu 22.04 and RHEL 9. The .NET runtime asks the handler that is registered
/// here only after its own attempt has failed, so nothing is read, checked or loaded where TorchSharp works by itself, nor before its first use.
/// Cause and remedy are told in <c>docs/decisions/0001-native-library.md</c>.
/// </remarks>
public static class TorchLibrary
{
    private const string Name = "LibTorchSharp";

    private static readonly Lock Gate = new();
    private static bool registered;
    private static nint handle;

    // Set while EnsureLoaded asks: its caller gets the exception, TorchSharp's caller only what TorchSharp makes of it.
    [ThreadStatic]
    private static bool callerGetsException;

    /// <summary>Makes TorchSharp find its native library on its own first use. Calling it again does nothing.</summary>
    /// <remarks>The library calls it when it is loaded; the generator calls it for programs that use TorchSharp before anything of this library.</remarks>
    public static void Register()
    {
        lock (Gate)
        {
            if (registered) return;
            AssemblyLoadContext.GetLoadContext(typeof(TorchLibrary).Assembly)!.ResolvingUnmanagedDll += Resolve;
            registered = true;
        }
    }

    /// <summary>Loads TorchSharp's native library now, or says why that is impossible. Calling it again costs nothing.</summary>
    /// <exception cref="NativeLibraryException">The native library is not there, or does not load on this system.</exception>
    public static void EnsureLoaded()
    {
        if (Volatile.Read(ref handle) != 0) return;

        Register();
        callerGetsException = true;
        try
        {
            // The same two attempts that TorchSharp makes; the second ends in Resolve where it fails.
            var torchSharp = typeof(TorchSharp.torch).Assembly;
            NativeLibrary.TryLoad("torch_cpu", torchSharp, searchPath: null, out _);
            if (NativeLibrary.TryLoad(Name, torchSharp, searchPath: null, out var handle)) Volatile.Write(ref TorchLibrary.handle, handle);
        }
        finally
        {
            callerGetsException = false;
        }
    }

    private static nint Resolve(Assembly requesting, string name)
    {
        if (name != Name) return 0;

        try
        {
            lock (Gate) return handle != 0 ? handle : handle = NativeTorch.Load(requesting.Location);
        }
        catch (NativeLibraryException failure)
        {
            // TorchSharp buries this sentence in a trace under one about a missing package, so it is said where it can be seen.
#pragma warning disable RS0030
            if (!callerGetsException) Console.Error.WriteLine(failure.Message);
#pragma warning restore RS0030
            throw;
        }
    }
}
