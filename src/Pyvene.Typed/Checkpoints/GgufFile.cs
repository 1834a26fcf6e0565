using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Pyvene.Typed.Checkpoints.Gguf;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Checkpoints;

/// <summary>Reads a GGUF file: the header is checked as a whole on opening, and each tensor is read, and dequantised, when it is asked for.</summary>
/// <remarks>
/// Thread-safe. Names and order are the file's own, that is llama.cpp's; <see cref="Checkpoint"/> reads such a file as a model.
/// </remarks>
public sealed class GgufFile : ITensorSource
{
    private readonly SafeFileHandle file;
    private readonly GgufHeader header;

    private GgufFile(string path, SafeFileHandle file, GgufHeader header)
    {
        Path = path;
        this.file = file;
        this.header = header;
        Names = [.. header.Tensors.Keys];
    }

    /// <summary>Gets the path that the file was opened with.</summary>
    public string Path { get; }

    /// <summary>Gets the names of the tensors, in the order of the header.</summary>
    public IReadOnlyCollection<string> Names { get; }

    /// <summary>Gets the metadata by key, in stored order.</summary>
    /// <value>Numbers in the kind that they are stored in, from <see cref="byte"/> to <see cref="double"/>; texts; truth values; arrays of one of these,
    /// such as <c>float[]</c>; and arrays of arrays.</value>
    public IReadOnlyDictionary<string, object> Metadata => header.Metadata;

    /// <summary>Opens a file and checks its header: counts, texts, shapes, types, offsets.</summary>
    /// <param name="path">The file's path.</param>
    /// <exception cref="CheckpointException">The file is missing, unreadable, truncated or malformed, or has a tensor of an unknown type.</exception>
    public static GgufFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = RegularFile.Open(path, (reason, cause) => new CheckpointException(path, $"The file cannot be opened: {reason}", cause));
        try
        {
            return new GgufFile(path, file, GgufHeader.Read(path, file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Returns whether the file holds a tensor of this name.</summary>
    /// <param name="name">The tensor's name.</param>
    public bool Contains(string name) => header.Tensors.ContainsKey(name);

    /// <summary>Returns the dtype that a tensor is read as, and its shape, slowest axis first.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <exception cref="CheckpointException">The file holds no tensor of this name.</exception>
    public TensorInfo Info(string name) => Tensor(name).Info;

    /// <summary>Reads a tensor; quantised numbers become float32, others stay what they are.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <returns>A fresh CPU tensor; it belongs to the current dispose scope, else to the caller.</returns>
    /// <exception cref="CheckpointException">The file holds no tensor of this name, is shorter than when it was opened, or has a type that cannot be
    /// dequantised.</exception>
    public Tensor Read(string name)
    {
        var stored = Tensor(name);
        var tensor = empty(stored.Shape, stored.Type.Dtype, CPU);
        try
        {
            Fill(name, 0, tensor);
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    string ITensorSource.Describe(string name) => Tensor(name).ToString();

    void ITensorSource.CopyTo(string name, Tensor destination) => View(name).CopyTo(destination);

    bool ITensorSource.Holds(string name, Tensor values) => View(name).Holds(values);

    /// <summary>Returns what a tensor is and where.</summary>
    internal GgufTensor Tensor(string name) => header.Tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new CheckpointException(Path, $"The file holds no tensor '{name}'; it holds {Names.Count} others.");

    /// <summary>Fills a contiguous CPU tensor of the dtype that a tensor is read as with its numbers from one on.</summary>
    internal void Fill(string name, long from, Tensor destination)
    {
        var tensor = Tensor(name);
        if (!tensor.Type.IsReadable)
        {
            throw new CheckpointException(Path, $"Tensor '{name}' has the type {tensor.Type.Number} ({tensor.Type.Name}), which cannot be dequantised; these "
                + $"can be read: {GgufTypes.Names}. Quantise the model to one of them.") { IsUnsupported = true };
        }

        const long longest = 1 << 27; // numbers at once: a span cannot be longer than 2 GiB
        using var flat = destination.view(-1);
        for (var start = 0L; start < flat.shape[0]; start += longest)
        {
            using var part = flat.narrow(0, start, Math.Min(longest, flat.shape[0] - start));
            if (tensor.Type.Read is { } read)
            {
                Dequantise(name, tensor, read, from + start, MemoryMarshal.Cast<byte, float>(part.bytes));
            }
            else
            {
                SafetensorsHeader.ReadExactly(Path, file, part.bytes, tensor.Start + ((from + start) * tensor.Type.BlockBytes), $"tensor '{name}'");
            }
        }
    }

    private StoredView View(string name)
    {
        var tensor = Tensor(name);
        return new StoredView(
            tensor.Type.Dtype, 0, tensor.Shape, StoredView.StridesOf(tensor.Shape), (start, part) => Fill(name, start, part));
    }

    private void Dequantise(string name, GgufTensor tensor, BlockReader read, long from, Span<float> numbers)
    {
        const int bufferBytes = 1 << 16;
        var (size, bytes) = (tensor.Type.BlockSize, tensor.Type.BlockBytes);
        var buffer = ArrayPool<byte>.Shared.Rent(bufferBytes);
        Span<float> whole = stackalloc float[size];
        try
        {
            while (numbers.Length > 0)
            {
                var skipped = (int)(from % size);
                var blocks = Math.Min(bufferBytes / bytes, (skipped + numbers.Length + size - 1) / size);
                var stored = buffer.AsSpan(0, blocks * bytes);
                SafetensorsHeader.ReadExactly(Path, file, stored, tensor.Start + (from / size * bytes), $"tensor '{name}'");
                for (; stored.Length > 0; stored = stored[bytes..])
                {
                    var taken = Math.Min(size - skipped, numbers.Length);
                    if (taken == size)
                    {
                        read(stored[..bytes], numbers);
                    }
                    else
                    {
                        read(stored[..bytes], whole);
                        whole.Slice(skipped, taken).CopyTo(numbers);
                    }

                    numbers = numbers[taken..];
                    (from, skipped) = (from + taken, 0);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
