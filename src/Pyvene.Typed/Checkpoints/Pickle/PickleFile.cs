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
        var read = empty(tensor.Shape, tensor.Storage.Kind.Dtype, CPU);
        try
        {
            CopyTo(tensor, read);
            return read;
        }
        catch
        {
            read.Dispose();
            throw;
        }
    }

    /// <summary>Writes the numbers of a tensor into one of the same shape, converted to its dtype and moved to its device.</summary>
    public void CopyTo(PickledTensor tensor, Tensor destination) => Visit(tensor, view =>
    {
        view.CopyTo(destination);
        return true;
    });

    /// <summary>Returns whether a tensor of the same shape holds the numbers, converted to its dtype; NaN equals NaN.</summary>
    public bool Holds(PickledTensor tensor, Tensor values) => Visit(tensor, view => view.Holds(values));

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private bool Visit(PickledTensor tensor, Func<StoredView, bool> visit)
    {
        var (storage, what) = (tensor.Storage, $"storage '{tensor.Storage.Key}'");
        using var deflated = storage.Bytes!.IsCompressed && tensor.FillsStorage ? reader.Open(storage.Bytes, what) : null;
        var view = new StoredView(storage.Kind.Dtype, tensor.Offset, tensor.Shape, tensor.Strides, (start, part) => Fill(storage, deflated, start, part));
        if (!visit(view))
        {
            return false;
        }

        deflated?.End();
        return true;
    }

    /// <summary>Fills a contiguous CPU tensor with the elements of a storage from one on, which a record that is unpacked in order has next.</summary>
    private void Fill(PickledStorage storage, DeflatedRecord? deflated, long from, Tensor destination)
    {
        const long elements = 1 << 26; // at most 1 GiB at once: a span cannot be longer than 2 GiB
        using var flat = destination.view(-1); // [element]
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
                reader.Read(storage.Bytes!, (from + start) * storage.Kind.ElementSize, bytes, $"storage '{storage.Key}'");
            }

            Arrange(storage, bytes);
        }
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
