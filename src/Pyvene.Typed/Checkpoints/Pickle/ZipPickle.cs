using Microsoft.Win32.SafeHandles;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Checkpoints.Pickle;

/// <summary>Reads the pickle of PyTorch's zip form: <c>NAME/data.pkl</c>, with the storages as records <c>NAME/data/KEY</c>.</summary>
internal static class ZipPickle
{
    private const string PickleName = "/data.pkl";
    private const long LargestPickle = 256 << 20, DeflatedAllowance = 512 << 10;

    /// <summary>Reads the pickle.</summary>
    /// <exception cref="CheckpointException">The file is malformed, or its pickle asks for more than plain values and tensors.</exception>
    public static PickleContent Read(string path, SafeFileHandle file)
    {
        var (records, length) = (ZipIndex.Read(path, file), RandomAccess.GetLength(file));
        var names = records.Keys.Where(name => name.IndexOf('/') is var slash && slash >= 0 && name[slash..] == PickleName).Take(2).ToArray();
        if (names.Length != 1)
        {
            throw new CheckpointException(path, $"The zip file must hold one record 'NAME{PickleName}', as torch.save writes it, but holds "
                + $"{(names.Length == 0 ? "none" : "several")}.");
        }

        var top = names[0][..^PickleName.Length];
        var reader = new StoredBytesReader(path, file);
        var isBigEndian = records.TryGetValue($"{top}/byteorder", out var order)
            && ReadWhole(path, length, reader, order, "byteorder").AsSpan().SequenceEqual("big"u8);
        var pickle = ReadWhole(path, length, reader, records[names[0]], "data.pkl");
        var input = new PickleInput(path, new MemoryStream(pickle), pickle.Length);
        return new PickleContent(PickleMachine.Read(input, new PickleCalls(input, Find, length)), isBigEndian);

        PickledStorage? Find(string key, StorageKind kind, long count)
        {
            if (!records.TryGetValue($"{top}/data/{key}", out var record))
            {
                return null;
            }

            var storage = new PickledStorage(key, kind, count) { Bytes = record };
            return record.Length == storage.ByteCount
                ? storage
                : throw input.Error($"storage '{key}' declares {count} elements of {kind.ElementSize} bytes, but its record holds {record.Length} bytes.");
        }
    }

    private static byte[] ReadWhole(string path, long fileLength, StoredBytesReader reader, StoredBytes record, string what)
    {
        // What a pickle builds takes many times its own length, so a deflated one must not be much longer than the file.
        var longest = record.IsCompressed ? Math.Min(LargestPickle, DeflatedAllowance + fileLength) : LargestPickle;
        if (record.Length > longest)
        {
            throw new CheckpointException(path, $"Record '{what}' declares {record.Length} bytes, but at most {longest} are read from this file.");
        }

        var bytes = new byte[record.Length];
        reader.Read(record, 0, bytes, what);
        return bytes;
    }
}
