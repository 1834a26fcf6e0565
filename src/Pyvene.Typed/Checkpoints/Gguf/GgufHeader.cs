using Microsoft.Win32.SafeHandles;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Checkpoints.Gguf;

/// <summary>Reads and checks the header of a GGUF file: metadata, then what each tensor is and where.</summary>
/// <remarks>
/// Format: docs/gguf.md of ggml, versions 2 and 3. Where it is silent, llama.cpp's own reader counts: tensors stand in the order of the list, each at the next
/// multiple of the alignment.
/// </remarks>
internal sealed class GgufHeader
{
    private const string AlignmentKey = "general.alignment";
    private const uint DefaultAlignment = 32;
    private const int LongestKey = 65_535;
    private const int LongestName = 64;
    private const int MostAxes = 4;

    private GgufHeader(Dictionary<string, object> metadata, Dictionary<string, GgufTensor> tensors)
    {
        Metadata = metadata;
        Tensors = tensors;
    }

    /// <summary>Gets the metadata by key, in stored order.</summary>
    public IReadOnlyDictionary<string, object> Metadata { get; }

    /// <summary>Gets the tensors by name, in stored order.</summary>
    public IReadOnlyDictionary<string, GgufTensor> Tensors { get; }

    /// <summary>Reads the header of an open file.</summary>
    /// <param name="path">The file's path, for messages.</param>
    /// <param name="file">The open file.</param>
    /// <exception cref="CheckpointException">The header is malformed or does not fit the file.</exception>
    public static GgufHeader Read(string path, SafeFileHandle file)
    {
        var cursor = new GgufCursor(path, file);
        if (!cursor.Bytes(4, "the four letters that a GGUF file begins with").SequenceEqual("GGUF"u8))
        {
            throw cursor.Refused(0, "the file does not begin with the letters GGUF");
        }

        var version = cursor.UInt32("the version");
        if (version is not (2 or 3))
        {
            var why = version == 1 ? "which llama.cpp dropped" : (version & 0xFFFF) == 0 && version != 0 ? "so it is big-endian" : "which is unknown";
            throw new CheckpointException(
                path, $"At byte 4: the file has version {version}, {why}; versions 2 and 3 are read, little-endian. Convert it again.")
            {
                IsUnsupported = true,
            };
        }

        const int smallestTensor = 24, smallestEntry = 13; // bytes
        var tensorCount = cursor.Count(smallestTensor, "the number of tensors");
        var entryCount = cursor.Count(smallestEntry, "the number of metadata entries");
        var metadata = ReadMetadata(cursor, entryCount);
        return new GgufHeader(metadata, ReadTensors(cursor, tensorCount, Alignment(path, metadata)));
    }

    private static Dictionary<string, object> ReadMetadata(GgufCursor cursor, long count)
    {
        var metadata = new Dictionary<string, object>(StringComparer.Ordinal);
        for (var index = 0L; index < count; index++)
        {
            var at = cursor.Position;
            var key = cursor.Text($"the key of metadata entry {index}", LongestKey);
            if (!metadata.TryAdd(key, GgufValues.Read(cursor, $"'{Excerpt.Of(key)}'")))
            {
                throw cursor.Refused(at, $"the metadata has the key '{Excerpt.Of(key)}' twice");
            }
        }

        return metadata;
    }

    private static uint Alignment(string path, Dictionary<string, object> metadata) =>
        !metadata.TryGetValue(AlignmentKey, out var value) ? DefaultAlignment
        : value is uint alignment && uint.IsPow2(alignment) ? alignment
        : throw new CheckpointException(path, $"'{AlignmentKey}' must be a power of 2 in an unsigned number of 4 bytes, but is {GgufMetadata.Text(value)}.");

    private static Dictionary<string, GgufTensor> ReadTensors(GgufCursor cursor, long count, uint alignment)
    {
        var stated = new List<(string Name, GgufTensor Tensor, ulong Offset, long Bytes, long At)>();
        for (var index = 0L; index < count; index++)
        {
            var at = cursor.Position;
            var name = cursor.Text($"the name of tensor {index}", LongestName);
            var (shape, type, bytes) = ReadShape(cursor, Excerpt.Of(name));
            stated.Add((name, new GgufTensor(type, shape, 0), cursor.UInt64($"the offset of tensor '{Excerpt.Of(name)}'"), bytes, at));
        }

        var tensors = new Dictionary<string, GgufTensor>(StringComparer.Ordinal);
        var end = cursor.Position + cursor.Remaining;
        var start = Padded(cursor.Position, alignment);
        var position = start;
        foreach (var (name, tensor, offset, bytes, at) in stated)
        {
            if (offset != (ulong)(position - start))
            {
                throw cursor.Refused(at, $"tensor '{Excerpt.Of(name)}' has the offset {offset}, but the tensors before it and the alignment of {alignment} put "
                    + $"it at {position - start}");
            }

            if (bytes > end - position)
            {
                throw cursor.Refused(at, $"tensor '{Excerpt.Of(name)}' takes {bytes} bytes from byte {position} on, but the file ends at byte {end}");
            }

            if (!tensors.TryAdd(name, tensor with { Start = position }))
            {
                throw cursor.Refused(at, $"there are two tensors '{Excerpt.Of(name)}'");
            }

            position = Padded(position + bytes, alignment);
        }

        return tensors;
    }

    private static (long[] Shape, GgufType Type, long Bytes) ReadShape(GgufCursor cursor, string name)
    {
        var at = cursor.Position;
        var axes = cursor.UInt32($"the number of axes of tensor '{name}'");
        if (axes > MostAxes)
        {
            throw cursor.Refused(at, $"tensor '{name}' has {axes} axes; the format has at most {MostAxes}");
        }

        var shape = new long[axes];
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            shape[axis] = (long)Math.Min(cursor.UInt64($"a size of tensor '{name}'"), long.MaxValue);
        }

        if (!TensorExtent.TryCount(shape, out var count))
        {
            throw cursor.Refused(at, $"tensor '{name}' of the shape [{string.Join(", ", shape)}] has more numbers than any memory");
        }

        at = cursor.Position;
        var number = cursor.UInt32($"the type of tensor '{name}'");
        var type = GgufTypes.Find(number) ?? throw cursor.Refused(at, $"tensor '{name}' has the type {number}, which is unknown; known are {GgufTypes.Names}");
        var row = shape.Length == 0 ? 1 : shape[^1];
        return row % type.BlockSize == 0
            ? (shape, type, count / type.BlockSize * type.BlockBytes)
            : throw cursor.Refused(at, $"tensor '{name}' of type {type.Name} has rows of {row} numbers, no multiple of its blocks of {type.BlockSize}");
    }

    // No file is so long that this overflows: what stands before was found to lie in the file.
    private static long Padded(long position, uint alignment) => (position + alignment - 1) / alignment * alignment;
}
