using Microsoft.Win32.SafeHandles;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Checkpoints;

/// <summary>Reads a safetensors file: the header is checked as a whole on opening, and each tensor is read when it is asked for.</summary>
/// <remarks>
/// Thread-safe. The bytes go from the file straight into the tensor's memory. The file is read and not mapped on purpose: a mapped file that is
/// cut short while it is in use ends the process, a read one raises an exception; and a checkpoint is read once from end to end, where mapping
/// gains nothing.
/// </remarks>
public sealed class SafetensorsFile : ITensorSource
{
    private readonly SafeFileHandle file;
    private readonly SafetensorsHeader header;

    private SafetensorsFile(string path, SafeFileHandle file, SafetensorsHeader header)
    {
        Path = path;
        this.file = file;
        this.header = header;
        Names = [.. header.Entries.Keys];
    }

    /// <summary>Gets the path that the file was opened with.</summary>
    public string Path { get; }

    /// <summary>Gets the names of the tensors, in the order of the header.</summary>
    public IReadOnlyCollection<string> Names { get; }

    /// <summary>Gets the free text that the writer stored beside the tensors, such as <c>format = pt</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => header.Metadata;

    /// <summary>
    /// Opens a file and checks its header: lengths, shapes, offsets, overlaps. A tensor of a dtype that TorchSharp lacks is refused when it is read.
    /// </summary>
    /// <param name="path">The file's path.</param>
    /// <exception cref="CheckpointException">The file is missing, unreadable, truncated or malformed.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = RegularFile.Open(path, (reason, cause) => new CheckpointException(path, $"The file cannot be opened: {reason}", cause));
        try
        {
            return new SafetensorsFile(path, file, SafetensorsHeader.Read(path, file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Returns whether the file holds a tensor of this name.</summary>
    /// <param name="name">The tensor's name.</param>
    public bool Contains(string name) => header.Entries.ContainsKey(name);

    /// <summary>Returns the dtype and shape of a tensor.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <exception cref="CheckpointException">The file holds no tensor of this name, or it has a dtype that TorchSharp lacks.</exception>
    public TensorInfo Info(string name) => Entry(name).Info(Path, name);

    /// <summary>Reads a tensor.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <returns>A fresh CPU tensor of the stored dtype and shape; it belongs to the current dispose scope, else to the caller.</returns>
    /// <exception cref="CheckpointException">The file holds no tensor of this name, has a dtype that TorchSharp lacks, or is shorter than when it was
    /// opened.</exception>
    public Tensor Read(string name)
    {
        var entry = Entry(name);
        var tensor = empty(entry.Shape, entry.Info(Path, name).Dtype, CPU);
        try
        {
            Fill(name, entry, 0, tensor);
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

    string ITensorSource.Describe(string name) => Entry(name) is var entry && SafetensorsDtype.TryParse(entry.Dtype, out _, out _)
        ? Info(name).ToString()
        : $"{entry.Dtype} [{string.Join(", ", entry.Shape)}]";

    void ITensorSource.CopyTo(string name, Tensor destination) => View(name).CopyTo(destination);

    bool ITensorSource.Holds(string name, Tensor values) => View(name).Holds(values);

    private StoredView View(string name)
    {
        var entry = Entry(name);
        return new StoredView(
            entry.Info(Path, name).Dtype, 0, entry.Shape, StoredView.StridesOf(entry.Shape), (start, part) => Fill(name, entry, start, part));
    }

    private SafetensorsEntry Entry(string name) =>
        header.Entries.TryGetValue(name, out var entry)
            ? entry
            : throw new CheckpointException(Path, $"The file holds no tensor '{name}'; it holds {Names.Count} others.");

    /// <summary>Fills a contiguous CPU tensor with the elements from one on.</summary>
    private void Fill(string name, SafetensorsEntry entry, long from, Tensor tensor)
    {
        var size = tensor.element_size();
        if (tensor.numel() <= int.MaxValue / size)
        {
            FillSpan(name, entry, tensor, from * size);
            return;
        }

        const long elements = 1 << 27; // at most 1 GiB at once: a span cannot be longer than 2 GiB
        using var flat = tensor.view(-1);
        for (var start = 0L; start < flat.shape[0]; start += elements)
        {
            using var part = flat.narrow(0, start, Math.Min(elements, flat.shape[0] - start));
            FillSpan(name, entry, part, (from + start) * size);
        }
    }

    private void FillSpan(string name, SafetensorsEntry entry, Tensor part, long offset)
    {
        if (part.numel() == 0)
        {
            return;
        }

        var bytes = part.bytes;
        SafetensorsHeader.ReadExactly(Path, file, bytes, entry.Start + offset, $"tensor '{name}'");
        if (part.dtype == ScalarType.Bool && bytes.ContainsAnyExceptInRange((byte)0, (byte)1))
        {
            throw new CheckpointException(Path, $"Tensor '{name}' is of dtype BOOL but holds bytes other than 0 and 1.");
        }
    }
}
