using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Checkpoints.Pickle;

/// <summary>Is a state dictionary that <c>torch.save</c> wrote, such as <c>pytorch_model.bin</c>.</summary>
internal sealed class PickledTensors : ITensorSource
{
    private readonly PickleFile file;
    private readonly Dictionary<string, PickledTensor> tensors = new(StringComparer.Ordinal);

    private PickledTensors(PickleFile file)
    {
        this.file = file;
        if (file.Value is not PickleDictionary dictionary)
        {
            throw new CheckpointException(file.Path, "The file does not hold a state dictionary, that is names with tensors.");
        }

        var names = new List<string>();
        foreach (var (key, value) in dictionary.Items)
        {
            if (key is not string name || value is not PickledTensor tensor)
            {
                throw new CheckpointException(file.Path, $"The file does not hold a state dictionary: the value of '{key}' is no tensor. Save the "
                    + $"dictionary of tensors by itself, as torch.save(model.state_dict(), path) does.");
            }

            names.Add(name);
            tensors.Add(name, tensor);
        }

        Names = names;
    }

    /// <inheritdoc/>
    public string Path => file.Path;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Names { get; }

    /// <summary>Opens a file and checks everything but the numbers.</summary>
    /// <exception cref="CheckpointException">The file is missing, malformed or truncated, or holds anything but names with tensors.</exception>
    public static PickledTensors Open(string path)
    {
        var file = PickleFile.Open(path);
        try
        {
            return new PickledTensors(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool Contains(string name) => tensors.ContainsKey(name);

    /// <inheritdoc/>
    public TensorInfo Info(string name) => Entry(name).Info;

    /// <inheritdoc/>
    public Tensor Read(string name) => file.Read(Entry(name));

    /// <inheritdoc/>
    public void CopyTo(string name, Tensor destination) => file.CopyTo(Entry(name), destination);

    /// <inheritdoc/>
    public bool Holds(string name, Tensor values) => file.Holds(Entry(name), values);

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private PickledTensor Entry(string name) =>
        tensors.TryGetValue(name, out var tensor)
            ? tensor
            : throw new CheckpointException(Path, $"The file holds no tensor '{name}'; it holds {Names.Count} others.");
}
