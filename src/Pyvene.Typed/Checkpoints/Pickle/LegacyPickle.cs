using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Microsoft.Win32.SafeHandles;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Checkpoints.Pickle;

/// <summary>Reads PyTorch's form before 1.6: a magic number, a version, the platform, the value and the keys of the storages as five pickles, then each storage
/// as its length and numbers.</summary>
internal static class LegacyPickle
{
    private const long Version = 1001;
    private static readonly BigInteger Magic = BigInteger.Parse("1950a86a20f9469cfc6c", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Reads the pickles and finds the storages.</summary>
    /// <exception cref="CheckpointException">The file is malformed or of another kind, or a pickle asks for more than plain values and tensors.</exception>
    public static PickleContent Read(string path, SafeFileHandle file)
    {
        var length = RandomAccess.GetLength(file);
        Span<byte> start = stackalloc byte[2];
        if (RandomAccess.Read(file, start, 0) < start.Length || start[0] != (byte)PickleOpcode.Protocol || start[1] is < 2 or > 5)
        {
            throw new CheckpointException(path, "This is no file of torch.save: it is neither a zip file nor a pickle of protocol 2 to 5.");
        }

        using var buffered = new BufferedStream(new RecordStream(file, 0, length), 1 << 16);
        var input = new PickleInput(path, buffered, length);
        if (Plain(input) is not BigInteger magic || magic != Magic)
        {
            throw input.Error("it does not start with PyTorch's magic number.");
        }

        if (Plain(input) is not Version)
        {
            throw input.Error($"its version is not {Version}.");
        }

        var isBigEndian = Plain(input) is PickleDictionary platform && platform.Get("little_endian") is false;
        var storages = new Dictionary<string, PickledStorage>(StringComparer.Ordinal);
        var value = PickleMachine.Read(input, new PickleCalls(input, Find, length));
        Locate(path, file, input, Plain(input), storages);
        return new PickleContent(value, isBigEndian);

        PickledStorage Find(string key, StorageKind kind, long count)
        {
            var declared = new PickledStorage(key, kind, count);
            if (!storages.TryGetValue(key, out var storage))
            {
                storages[key] = storage = declared;
            }

            return storage == declared ? storage : throw input.Error($"storage '{key}' is declared twice, in two ways.");
        }
    }

    /// <summary>Reads a pickle that has no tensors.</summary>
    private static object? Plain(PickleInput input) => PickleMachine.Read(input, new PickleCalls(input, (_, _, _) => null, 0));

    private static void Locate(string path, SafeFileHandle file, PickleInput input, object? keys, Dictionary<string, PickledStorage> storages)
    {
        if (keys is not List<object?> list || list.Count != storages.Count)
        {
            throw input.Error("the list of storages does not name those of the value.");
        }

        var (position, length) = (input.Position, RandomAccess.GetLength(file));
        Span<byte> prefix = stackalloc byte[8];
        foreach (var key in list)
        {
            if (key is not string text || !storages.TryGetValue(text, out var storage) || storage.Bytes is not null)
            {
                throw input.Error("the list of storages does not name those of the value.");
            }

            SafetensorsHeader.ReadExactly(path, file, prefix, position, $"the length of storage '{text}'");
            position += prefix.Length;
            var count = BinaryPrimitives.ReadInt64LittleEndian(prefix);
            if (count != storage.Count || storage.ByteCount > length - position)
            {
                throw new CheckpointException(path, $"Storage '{text}' of {storage.Count} elements is said to hold {count}, and the file has "
                    + $"{length - position} bytes left. It is truncated or malformed.");
            }

            storage.Bytes = new StoredBytes(position, storage.ByteCount, storage.ByteCount, IsCompressed: false, Checksum: null);
            position += storage.ByteCount;
        }
    }
}
