using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pyvene.Typed.Native;

/// <summary>A Linux file that has no place on disk: it lives in memory until it is closed and nothing maps it any more.</summary>
internal sealed partial class AnonymousFile : IDisposable
{
    private const uint CloseOnExec = 1;

    private readonly SafeFileHandle handle;

    private AnonymousFile(SafeFileHandle handle) => this.handle = handle;

    /// <summary>The path under which this process can open the file while it is not disposed.</summary>
    public string Path => $"/proc/self/fd/{handle.DangerousGetHandle()}";

    /// <summary>Creates a file with this content.</summary>
    /// <param name="name">A name for debuggers: it shows in the process's memory map.</param>
    /// <param name="content">The bytes.</param>
    /// <exception cref="IOException">The system refuses.</exception>
    public static AnonymousFile Create(string name, ReadOnlySpan<byte> content)
    {
        var handle = new SafeFileHandle(CreateMemoryFile(name, CloseOnExec), ownsHandle: true);
        if (handle.IsInvalid)
        {
            var reason = new Win32Exception(Marshal.GetLastPInvokeError()).Message;
            handle.Dispose();
            throw new IOException($"the system gives no file in memory ({reason}).");
        }

        RandomAccess.Write(handle, content, fileOffset: 0);
        return new AnonymousFile(handle);
    }

    /// <summary>Closes the file. What was loaded from it stays loaded.</summary>
    public void Dispose() => handle.Dispose();

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint CreateMemoryFile(string name, uint flags);
}
