using Microsoft.Win32.SafeHandles;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Checkpoints.Pickle;

/// <summary>Reads what <c>torch.save</c> wrote, in the zip form or in the one before PyTorch 1.6: plain values and tensors. Nothing from the file is executed,
/// and nothing is written.</summary>
/// <remarks>The pickle is read on opening, and the numbers of a tensor when they are asked for. Thread-safe.</remarks>
internal sealed class PickleFile : IDisposable
{
    private readonly SafeFileHandle file;
    private readonly StoredBytesReader reader;
    private readonly bool isBigEndian;

    private PickleFile(string path, SafeFileHandle file, PickleContent content)
    {
        Path = path;
        this.file = file;
        reader = new StoredBytesReader(path, file);
        (Value, isBigEndian) = content;
    }

    /// <summary>Gets the path that the file was opened with.</summary>
    public string Path { get; }

    /// <summary>Gets the value; <see cref="PickleMachine"/> says of which types. It may contain itself.</summary>
    public object? Value { get; }

    /// <summary>Opens a file and reads its pickle.</summary>
    /// <exception cref="CheckpointException">The file is missing, malformed or truncated, or its pickle asks for more than plain values and
    /// tensors.</exception>
    public static PickleFile Open(string path)
    {
        var file = RegularFile.Open(path, (reason, cause) => new CheckpointException(path, $"The file cannot be opened: {reason}", cause));
        try
        {
            Span<byte> start = stackalloc byte[4];
            var isZip = RandomAccess.Read(file, start, 0) == start.Length && start.SequenceEqual("PK\x3\x4"u8);
            return new PickleFile(path, file, isZip ? ZipPickle.Read(path, file) : LegacyPickle.Read(path, file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a tensor.</summary>
    /// <returns>A fresh contiguous CPU tensor; it belongs to the current dispose scope, else to the caller.</returns>
    /// <exception cref="CheckpointException">The file has changed since it was opened, or its numbers are damaged.</exception>
    public Tensor Read(PickledTensor tensor)
    {
        if (tensor.IsContiguous || tensor.Count == 0)
        {
            return Elements(tensor, tensor.Shape);
        }

        using var reached = Elements(tensor, [tensor.Extent]);
        using var view = reached.as_strided(tensor.Shape, tensor.Strides);
        return empty(tensor.Shape, view.dtype, CPU).copy_(view); // a clone would keep strides that are dense, such as those of a transposed matrix
    }

    /// <summary>Writes the numbers of a tensor into one of the same shape, converted to its dtype and moved to its device.</summary>
    public void CopyTo(PickledTensor tensor, Tensor destination)
    {
        if (tensor.IsContiguous && destination.dtype == tensor.Storage.Kind.Dtype && destination.device_type == DeviceType.CPU && destination.is_contiguous())
        {
            Fill(tensor, destination);
            return;
        }

        using var stored = Read(tensor);
        using var untracked = no_grad();
        destination.copy_(stored);
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    /// <summary>Reads the elements from the first to the last that a tensor reaches.</summary>
    private Tensor Elements(PickledTensor tensor, long[] shape)
    {
        var elements = empty(shape, tensor.Storage.Kind.Dtype, CPU);
        try
        {
            Fill(tensor, elements);
            return elements;
        }
        catch
        {
            elements.Dispose();
            throw;
        }
    }

    private void Fill(PickledTensor tensor, Tensor destination)
    {
        const long elements = 1 << 26; // at most 1 GiB at once: a span cannot be longer than 2 GiB
        var (storage, what) = (tensor.Storage, $"storage '{tensor.Storage.Key}'");
        using var flat = destination.view(-1); // [element]
        using var deflated = storage.Bytes!.IsCompressed && flat.shape[0] == storage.Count ? reader.Open(storage.Bytes, what) : null;
        for (var start = 0L; start < flat.shape[0]; start += elements)
        {
            using var part = flat.narrow(0, start, Math.Min(elements, flat.shape[0] - start));
            var bytes = part.bytes;
            if (deflated is not null)
            {
                deflated.Read(bytes);
            }
            else
            {
                reader.Read(storage.Bytes, (tensor.Offset + start) * storage.Kind.ElementSize, bytes, what);
            }

            Arrange(storage, bytes);
        }

        deflated?.End();
    }

    /// <summary>Checks truth values, and puts the bytes of each number in this machine's order.</summary>
    private void Arrange(PickledStorage storage, Span<byte> bytes)
    {
        var kind = storage.Kind;
        if (kind.Dtype == ScalarType.Bool && bytes.ContainsAnyExceptInRange((byte)0, (byte)1))
        {
            throw new CheckpointException(Path, $"Storage '{storage.Key}' holds truth values other than 0 and 1.");
        }

        if (isBigEndian == BitConverter.IsLittleEndian && kind.WordSize > 1)
        {
            for (var word = 0; word < bytes.Length; word += kind.WordSize)
            {
                bytes.Slice(word, kind.WordSize).Reverse();
            }
        }
    }
}
