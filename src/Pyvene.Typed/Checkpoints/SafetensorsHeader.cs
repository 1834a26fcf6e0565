using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Checkpoints;

/// <summary>Reads and checks the header of a safetensors file: 8 bytes of length, that many bytes of JSON, then the data without gaps.</summary>
/// <remarks>Format: the safetensors project's README. Everything is checked against the size of the file before any memory is taken for a tensor.</remarks>
internal sealed class SafetensorsHeader
{
    private const int PrefixBytes = 8;
    private const long LargestHeader = 100_000_000; // the limit of the reference implementation

    private SafetensorsHeader(Dictionary<string, SafetensorsEntry> entries, Dictionary<string, string> metadata)
    {
        Entries = entries;
        Metadata = metadata;
    }

    /// <summary>Gets the tensors by name, in stored order.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Entries { get; }

    /// <summary>Gets the free text that the writer stored beside the tensors.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads the header of an open file.</summary>
    /// <param name="path">The file's path, for messages.</param>
    /// <param name="file">The open file.</param>
    /// <exception cref="CheckpointException">The header is malformed or does not fit the file.</exception>
    public static SafetensorsHeader Read(string path, SafeFileHandle file)
    {
        var fileLength = RandomAccess.GetLength(file);
        if (fileLength < PrefixBytes)
        {
            throw new CheckpointException(
                path,
                $"This is no safetensors file: it has {fileLength} bytes, and the length of the header alone takes {PrefixBytes}. "
                + "Download or write it again.");
        }

        Span<byte> prefix = stackalloc byte[PrefixBytes];
        ReadExactly(path, file, prefix, 0, "the length of the header");
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > (ulong)Math.Min(fileLength - PrefixBytes, LargestHeader))
        {
            throw new CheckpointException(
                path,
                $"The header claims {headerLength} bytes, but the file has {fileLength - PrefixBytes} after it and no header is longer than "
                + $"{LargestHeader}. The file is truncated or no safetensors file.");
        }

        var json = new byte[(int)headerLength];
        ReadExactly(path, file, json, PrefixBytes, "the header");
        return Parse(path, json, PrefixBytes + (long)headerLength, fileLength);
    }

    /// <summary>Fills a span from a position of a file.</summary>
    /// <exception cref="CheckpointException">The file ends before the span is full.</exception>
    public static void ReadExactly(string path, SafeFileHandle file, Span<byte> destination, long position, string what)
    {
        while (destination.Length > 0)
        {
            var read = RandomAccess.Read(file, destination, position);
            if (read == 0)
            {
                throw new CheckpointException(
                    path, $"The file ends at byte {position} while {what} is read; {destination.Length} bytes are missing. Download or write it again.");
            }

            destination = destination[read..];
            position += read;
        }
    }

    private static SafetensorsHeader Parse(string path, byte[] json, long dataStart, long fileLength)
    {
        var entries = new Dictionary<string, SafetensorsEntry>(StringComparer.Ordinal);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in JsonText.Parse(json, new CheckpointJson(path, "The header")).Members())
        {
            if (name == "__metadata__")
            {
                foreach (var (key, text) in value.Members())
                {
                    metadata.Add(key, text.String());
                }
            }
            else
            {
                entries.Add(name, SafetensorsEntry.Parse(path, name, value.Element, dataStart, fileLength));
            }
        }

        RequireGapless(path, entries, dataStart, fileLength);
        return new SafetensorsHeader(entries, metadata);
    }

    /// <summary>Refuses tensors that overlap, leave gaps or do not fill the file.</summary>
    /// <remarks>The format allows none of these, and each is a way to hide data or to read other data than meant.</remarks>
    private static void RequireGapless(string path, Dictionary<string, SafetensorsEntry> entries, long dataStart, long fileLength)
    {
        var position = dataStart;
        foreach (var (name, entry) in entries.OrderBy(pair => pair.Value.Start).ThenBy(pair => pair.Value.Length))
        {
            if (entry.Start != position)
            {
                var relation = entry.Start < position ? "overlaps the tensor before it" : "leaves a gap after the tensor before it";
                throw new CheckpointException(
                    path,
                    $"Tensor '{name}' {relation}: expected its data at offset {position - dataStart}, but the header says {entry.Start - dataStart}.");
            }

            position += entry.Length;
        }

        if (position != fileLength)
        {
            throw new CheckpointException(
                path, $"The tensors of the header take {position - dataStart} bytes, but the file holds {fileLength - dataStart} bytes of data.");
        }
    }
}
