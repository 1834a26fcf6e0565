using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Checkpoints.Pickle;

/// <summary>Reads the directory of a zip file: the names of its records and where their bytes lie. Nothing is unpacked, and no name is ever used as a
/// path.</summary>
/// <remarks>Format: PKWARE's APPNOTE 6.3, with the 64-bit fields; one volume, not encrypted, stored or deflated.</remarks>
internal static class ZipIndex
{
    private const int EndLength = 22, EntryLength = 46, LocalLength = 30, LongestComment = 65535;
    private const long LargestDirectory = 256 << 20;

    /// <summary>Reads the directory.</summary>
    /// <exception cref="CheckpointException">The file is truncated or malformed, or two records have one name.</exception>
    public static IReadOnlyDictionary<string, StoredBytes> Read(string path, SafeFileHandle file)
    {
        var fileLength = RandomAccess.GetLength(file);
        var (start, length, count) = FindDirectory(path, file, fileLength);
        if (start < 0 || length < 0 || start > fileLength || length > Math.Min(fileLength - start, LargestDirectory)
            || count < 0 || count > length / EntryLength)
        {
            throw Malformed(path, "the directory does not lie in the file");
        }

        var directory = new byte[length];
        SafetensorsHeader.ReadExactly(path, file, directory, start, "the directory of the zip file");
        var records = new Dictionary<string, StoredBytes>(StringComparer.Ordinal);
        var at = directory.AsSpan();
        for (var index = 0L; index < count; index++)
        {
            var (name, record, taken) = Entry(path, file, fileLength, at);
            if (!records.TryAdd(name, record))
            {
                throw Malformed(path, "two records have the same name");
            }

            at = at[taken..];
        }

        return records;
    }

    private static (long Start, long Length, long Count) FindDirectory(string path, SafeFileHandle file, long fileLength)
    {
        var tail = new byte[Math.Min(fileLength, EndLength + LongestComment)];
        SafetensorsHeader.ReadExactly(path, file, tail, fileLength - tail.Length, "the end of the zip file");
        for (var at = tail.Length - EndLength; at >= 0; at--)
        {
            var end = tail.AsSpan(at);
            if (Word(end) != 0x06054b50 || Half(end[20..]) != end.Length - EndLength)
            {
                continue;
            }

            var (count, length, start) = (Half(end[10..]), Word(end[12..]), Word(end[16..]));
            return count == 0xffff || length == uint.MaxValue || start == uint.MaxValue
                ? FindLargeDirectory(path, file, fileLength, tail.AsSpan(0, at))
                : (start, length, count);
        }

        throw Malformed(path, "the directory at its end is missing");
    }

    private static (long Start, long Length, long Count) FindLargeDirectory(string path, SafeFileHandle file, long fileLength, ReadOnlySpan<byte> before)
    {
        const int locatorLength = 20, endLength = 56;
        var position = before.Length >= locatorLength && Word(before[^locatorLength..]) == 0x07064b50 ? Long(before[^12..]) : -1;
        if (position < 0 || position > fileLength - endLength)
        {
            throw Malformed(path, "the 64-bit directory is missing");
        }

        var end = new byte[endLength];
        SafetensorsHeader.ReadExactly(path, file, end, position, "the end of the zip file");
        return Word(end) == 0x06064b50 ? (Long(end.AsSpan(48)), Long(end.AsSpan(40)), Long(end.AsSpan(32)))
            : throw Malformed(path, "the 64-bit directory is missing");
    }

    private static (string Name, StoredBytes Record, int Taken) Entry(string path, SafeFileHandle file, long fileLength, ReadOnlySpan<byte> at)
    {
        if (at.Length < EntryLength || Word(at) != 0x02014b50)
        {
            throw Malformed(path, "the directory ends early");
        }

        var (flags, method) = (Half(at[8..]), Half(at[10..]));
        var (nameLength, extraLength, commentLength) = (Half(at[28..]), Half(at[30..]), Half(at[32..]));
        var taken = EntryLength + nameLength + extraLength + commentLength;
        if (at.Length < taken || (flags & 1) != 0 || method is not (0 or 8))
        {
            throw Malformed(path, "a record is encrypted, or compressed in a way that PyTorch does not use");
        }

        var name = Encoding.UTF8.GetString(at.Slice(EntryLength, nameLength));
        Span<long> sizes = [Word(at[24..]), Word(at[20..]), Word(at[42..])]; // whole, stored, position: the order of the 64-bit field
        Widen(path, at.Slice(EntryLength + nameLength, extraLength), sizes);
        var (length, stored, position) = (sizes[0], sizes[1], sizes[2]);
        if (length < 0 || stored < 0 || position < 0 || position > fileLength - LocalLength || (method == 0 && length != stored))
        {
            throw Malformed(path, "a record does not lie in the file");
        }

        Span<byte> local = stackalloc byte[LocalLength];
        SafetensorsHeader.ReadExactly(path, file, local, position, "the header of a record");
        var start = position + LocalLength + Half(local[26..]) + Half(local[28..]);
        return Word(local) == 0x04034b50 && start <= fileLength && stored <= fileLength - start
            ? (name, new StoredBytes(start, stored, length, method == 8, Word(at[16..])), taken)
            : throw Malformed(path, "a record does not lie in the file");
    }

    /// <summary>Replaces the sizes that did not fit 32 bits by those of the extra field.</summary>
    private static void Widen(string path, ReadOnlySpan<byte> extra, Span<long> sizes)
    {
        while (sizes.Contains(uint.MaxValue) && extra.Length >= 4)
        {
            var (kind, length) = (Half(extra), Half(extra[2..]));
            if (length > extra.Length - 4)
            {
                throw Malformed(path, "an extra field ends early");
            }

            var field = extra.Slice(4, length);
            for (var index = 0; kind == 1 && index < sizes.Length && field.Length >= 8; index++)
            {
                if (sizes[index] == uint.MaxValue)
                {
                    sizes[index] = Long(field);
                    field = field[8..];
                }
            }

            if (kind == 1)
            {
                return;
            }

            extra = extra[(4 + length)..];
        }
    }

    private static ushort Half(ReadOnlySpan<byte> at) => BinaryPrimitives.ReadUInt16LittleEndian(at);

    private static uint Word(ReadOnlySpan<byte> at) => BinaryPrimitives.ReadUInt32LittleEndian(at);

    private static long Long(ReadOnlySpan<byte> at) => BinaryPrimitives.ReadInt64LittleEndian(at);

    private static CheckpointException Malformed(string path, string problem) =>
        new(path, $"The zip file is truncated or malformed: {problem}. Download or write it again.");
}
