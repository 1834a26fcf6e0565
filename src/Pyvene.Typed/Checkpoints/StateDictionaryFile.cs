using System.Globalization;
using System.Text;
using Pyvene.Typed.Checkpoints.Pickle;
using Pyvene.Typed.Errors;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Checkpoints;

/// <summary>Reads and writes state dictionaries in the form of <c>torch.save</c> and <c>torch.load</c>: names with tensors.</summary>
/// <remarks>Reading executes nothing from the file: anything but names and tensors is refused. Prefer safetensors where both ends allow it.</remarks>
public static class StateDictionaryFile
{
    /// <summary>Reads all tensors of a file, of the zip form or the one before PyTorch 1.6.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Fresh contiguous CPU tensors in stored order; they belong to the current dispose scope, else to the caller.</returns>
    /// <exception cref="CheckpointException">The file is missing, malformed or truncated, or holds anything but names with tensors.</exception>
    public static IReadOnlyDictionary<string, Tensor> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var source = PickledTensors.Open(path);
        var tensors = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        try
        {
            foreach (var name in source.Names)
            {
                tensors.Add(name, source.Read(name));
            }

            return tensors;
        }
        catch
        {
            foreach (var tensor in tensors.Values)
            {
                tensor.Dispose();
            }

            throw;
        }
    }

    /// <summary>Writes a file as a whole: it is written beside its place and moved there at the end, so that a failure leaves nothing half-written.</summary>
    /// <param name="path">The file's path; an existing file is replaced.</param>
    /// <param name="tensors">The tensors by name, of any shape, device and stride. They stay the caller's.</param>
    /// <exception cref="ArgumentException">A name is used twice, or PyTorch has no storage class for a dtype.</exception>
    public static void Write(string path, IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        var items = tensors.Select(item => (item.Name, item.Tensor, Kind: KindOf(item.Tensor.dtype))).ToList();
        if (items.GroupBy(item => item.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"The tensor name '{twice.Key}' is used twice; every name must be its own.", nameof(tensors));
        }

        WholeFile.Write(path, stream => Write(new ZipWriter(stream), items));
    }

    private static void Write(ZipWriter zip, List<(string Name, Tensor Tensor, StorageKind Kind)> items)
    {
        Write(zip, "archive/data.pkl", PickleProgram.Of(items.Select(item => (item.Name, item.Kind, item.Tensor.shape))));
        Write(zip, "archive/byteorder", Encoding.ASCII.GetBytes(BitConverter.IsLittleEndian ? "little" : "big"));
        for (var index = 0; index < items.Count; index++)
        {
            using var scope = NewDisposeScope();
            using var untracked = no_grad();
            var (_, tensor, kind) = items[index];
            var flat = tensor.detach().cpu().contiguous().view(-1); // [element]
            var sum = new Crc32();
            Spans(flat, bytes => sum.Append(bytes));
            var name = string.Create(CultureInfo.InvariantCulture, $"archive/data/{index}");
            zip.Write(name, flat.numel() * kind.ElementSize, sum.Value, stream => Spans(flat, stream.Write));
        }

        Write(zip, "archive/version", "3\n"u8.ToArray());
        zip.WriteDirectory();
    }

    private static void Write(ZipWriter zip, string name, byte[] bytes)
    {
        var sum = new Crc32();
        sum.Append(bytes);
        zip.Write(name, bytes.Length, sum.Value, stream => stream.Write(bytes));
    }

    private static void Spans(Tensor flat, Action<ReadOnlySpan<byte>> take)
    {
        const long elements = 1 << 26; // at most 1 GiB at once: a span cannot be longer than 2 GiB
        for (var start = 0L; start < flat.shape[0]; start += elements)
        {
            using var part = flat.narrow(0, start, Math.Min(elements, flat.shape[0] - start));
            take(part.bytes);
        }
    }

    private static StorageKind KindOf(ScalarType dtype) =>
        StorageKind.All.FirstOrDefault(kind => kind.Dtype == dtype) ?? throw new ArgumentException($"PyTorch has no storage class for the dtype {dtype}. "
            + $"Convert the tensor first.");
}
