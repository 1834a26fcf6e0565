using System.Text.Json;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Files;

/// <summary>Is a file of JSON lines that grows while something runs: it goes on behind what is kept of it, and the rest is cut off.</summary>
internal sealed class JsonLines : IDisposable
{
    private readonly FileStream stream;

    /// <summary>Opens the file, or makes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="length">How many bytes of it are kept.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public JsonLines(string path, long length)
    {
        stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        stream.SetLength(length);
        stream.Seek(0, SeekOrigin.End);
    }

    /// <summary>Writes a line; it may wait in memory until <see cref="Flush"/>.</summary>
    /// <returns>The bytes of the line, its end included.</returns>
    public byte[] Append<T>(T line)
    {
        byte[] bytes = [.. JsonSerializer.SerializeToUtf8Bytes(line, JsonForm.Line), (byte)'\n'];
        stream.Write(bytes);
        return bytes;
    }

    /// <summary>Gives all lines to the system, so that they are there when this process ends.</summary>
    public void Flush() => stream.Flush();

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();
}
