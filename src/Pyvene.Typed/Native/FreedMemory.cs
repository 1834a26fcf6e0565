using System.Runtime.InteropServices;

namespace Pyvene.Typed.Native;

/// <summary>Gives memory that tensors have freed back to the system.</summary>
/// <remarks>
/// The allocator of Linux keeps freed blocks below 32 MB for later ones. The tensors of a sweep grow from block to block of the model, so that what is kept
/// fits nothing that follows, and adds up to several times what is in use.
/// </remarks>
internal static partial class FreedMemory
{
    private static bool canTrim = OperatingSystem.IsLinux();

    /// <summary>Gives it back where the allocator can; elsewhere nothing happens.</summary>
    public static void GiveBack()
    {
        if (!canTrim)
        {
            return;
        }

        try
        {
            _ = Trim(0);
        }
        catch (Exception error) when (error is EntryPointNotFoundException or DllNotFoundException)
        {
            canTrim = false; // another C library than glibc has no such function
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint pad);
}
