using System.Runtime.InteropServices;

namespace Pyvene.Typed.Native;

/// <summary>
/// Says what ends a program when TorchSharp does not catch an error of libtorch, as in <c>matmul</c> of unfit shapes: the first line of libtorch's words, and
/// the program's own calls, where libtorch alone lists functions of its own.
/// </summary>
internal static unsafe partial class UncaughtError
{
    private const string Runtime = "libstdc++.so.6";
    private const int What = 2; // behind the two destructors of std::exception

    private static delegate* unmanaged<void> former;

    /// <summary>Takes the place of what the C++ runtime calls for an error that nothing catches; those that are not libtorch's go on to that.</summary>
    public static void Watch()
    {
        // How the calls below hand over what they return is that of this processor.
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64) return;
        try
        {
            former = SetTerminate(&Say);
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            former = null; // where there is no such runtime, libtorch does not load either
        }
    }

    [UnmanagedCallersOnly]
    private static void Say()
    {
        if (Words() is { } words)
        {
            // The process ends in any case: nothing that is managed can be thrown through libtorch's own calls.
#pragma warning disable RS0030
            Environment.FailFast($"libtorch failed: {words}. TorchSharp does not catch this error, so the process ends. Look below for the call, and at the "
                + "shapes and dtypes that it is given; torch.einsum, mm and bmm throw instead, and 'run.Gradient' does where autograd.grad does not.");
#pragma warning restore RS0030
        }

        if (former != null) former();
    }

    private static string? Words()
    {
        var type = CurrentType();
        if (type == null || Marshal.PtrToStringUTF8((nint)type[1])?.StartsWith("N3c10", StringComparison.Ordinal) != true) return null;
        void* error;
        Current(&error);
        var what = ((delegate* unmanaged<void*, byte*>**)error)[0][What](error);
        return Marshal.PtrToStringUTF8((nint)what)?.Split('\n')[0].Trim().TrimEnd('.');
    }

    [LibraryImport(Runtime, EntryPoint = "_ZSt13set_terminatePFvvE")]
    private static partial delegate* unmanaged<void> SetTerminate(delegate* unmanaged<void> handler);

    // std::type_info: its table of functions, and its name.
    [LibraryImport(Runtime, EntryPoint = "__cxa_current_exception_type")]
    private static partial byte** CurrentType();

    // std::exception_ptr is a pointer to what was thrown.
    [LibraryImport(Runtime, EntryPoint = "_ZSt17current_exceptionv")]
    private static partial void* Current(void** result);
}
