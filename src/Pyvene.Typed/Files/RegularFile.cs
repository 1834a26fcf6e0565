using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Pyvene.Typed.Files;

/// <summary>
/// Is the one place where the library opens files to read them: a link is followed, and a device, a pipe or a file beyond a limit is refused before a byte is
/// read.
/// </summary>
/// <remarks>
/// A pipe blocks whoever opens it and a device never ends. Both have the length 0, as an empty file has, and none of the library's files may be empty: so a
/// file of no length is never opened.
/// Every door gives a function that makes its own exception of a reason, which is a sentence, and of the failure behind it, where there is one.
/// </remarks>
internal static class RegularFile
{
    /// <summary>Opens a file for reading at any position.</summary>
    /// <param name="path">The file.</param>
    /// <param name="error">Makes the door's own exception of a reason and of the failure behind it.</param>
    public static SafeFileHandle Open(string path, Func<string, Exception?, Exception> error) => Open(path, long.MaxValue, error);

    /// <summary>Opens a file as a stream.</summary>
    /// <param name="path">The file.</param>
    /// <param name="error">Makes the door's own exception of a reason and of the failure behind it.</param>
    public static FileStream OpenStream(string path, Func<string, Exception?, Exception> error) => new(Open(path, error), FileAccess.Read);

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limit">The largest length that is read, in bytes.</param>
    /// <param name="error">Makes the door's own exception of a reason and of the failure behind it.</param>
    public static byte[] ReadAllBytes(string path, long limit, Func<string, Exception?, Exception> error)
    {
        using var file = Open(path, Math.Min(limit, Array.MaxLength), error);
        try
        {
            var bytes = new byte[RandomAccess.GetLength(file)];
            var count = 0;
            for (int read; count < bytes.Length && (read = RandomAccess.Read(file, bytes.AsSpan(count), count)) > 0;)
            {
                count += read;
            }

            return count == bytes.Length ? bytes : throw error($"It was cut to {count} bytes while it was read.", null);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw error(failure.Message, failure);
        }
    }

    /// <summary>Reads a whole file as text: UTF-8, or what its byte-order mark says.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limit">The largest length that is read, in bytes.</param>
    /// <param name="error">Makes the door's own exception of a reason and of the failure behind it.</param>
    public static string ReadAllText(string path, long limit, Func<string, Exception?, Exception> error)
    {
        using var reader = new StreamReader(new MemoryStream(ReadAllBytes(path, limit, error)), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>Returns what makes exceptions of the system's own kinds, for doors that promise those.</summary>
    /// <param name="path">The file.</param>
    public static Func<string, Exception?, Exception> SystemError(string path) => (reason, cause) => cause ?? new IOException($"{path}: {reason}");

    private static SafeFileHandle Open(string path, long limit, Func<string, Exception?, Exception> error)
    {
        SafeFileHandle? file = null;
        try
        {
            Check(new FileInfo(path).Length);
            file = File.OpenHandle(path);
            Check(RandomAccess.GetLength(file)); // what is open may be another file than the one that was looked at
            return file;
        }
        catch (Exception failure)
        {
            file?.Dispose();
            if (failure is IOException or UnauthorizedAccessException)
            {
                throw error(failure.Message, failure);
            }

            throw;
        }

        void Check(long length)
        {
            if (length == 0)
            {
                throw error("It is empty, or a device or a pipe; a file with content is expected.", null);
            }

            if (length > limit)
            {
                throw error($"It has {length} bytes; at most {limit} are read.", null);
            }
        }
    }
}
