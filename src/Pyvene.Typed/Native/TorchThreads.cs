using System.Runtime.InteropServices;

namespace Pyvene.Typed.Native;

/// <summary>Computes on the threads that libtorch itself computes on, where its OpenMP runtime is GNU's, as it is on Linux.</summary>
/// <remarks>
/// These threads keep their processors busy for some milliseconds after each piece of work, waiting for the next one. Other threads would have to share the
/// processors with them: with <see cref="System.Threading.Tasks.Parallel"/> a product between two operations of libtorch takes twice as long as by itself.
/// </remarks>
internal static unsafe class TorchThreads
{
    private static readonly delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void> Parallel = Find();

    /// <summary>Gets whether the threads can be reached. Ask when the native library has been loaded.</summary>
    public static bool AreReachable => Parallel is not null;

    /// <summary>Calls a function on several threads at once, this one among them, and returns when all have ended.</summary>
    /// <param name="function">
    /// It gets <paramref name="data"/>, and takes its share from there: there may be fewer calls than asked for. It must not throw.
    /// </param>
    /// <param name="data">Memory that does not move.</param>
    /// <param name="threads">How many threads, at least one.</param>
    public static void Run(delegate* unmanaged<void*, void> function, void* data, int threads) => Parallel(function, data, (uint)threads, 0);

    private static delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void> Find() =>
        NativeLibrary.TryLoad("libtorch_cpu.so", out var torch) && NativeLibrary.TryGetExport(torch, "GOMP_parallel", out var address)
            ? (delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void>)address
            : null;
}
