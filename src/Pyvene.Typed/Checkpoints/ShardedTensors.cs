using Pyvene.Typed.Errors;
using Pyvene.Typed.Files;
using Pyvene.Typed.Json;
using static TorchSharp.torch;

namespace Pyvene.Typed.Checkpoints;

/// <summary>Reads a checkpoint that is split over several files by an index, such as <c>model.safetensors.index.json</c>.</summary>
internal sealed class ShardedTensors : ITensorSource
{
    private const long LargestIndex = 100_000_000; // as the header of a safetensors file

    private readonly Dictionary<string, ITensorSource> shardOf = new(StringComparer.Ordinal);
    private readonly List<ITensorSource> shards = [];

    private ShardedTensors(string path) => Path = path;

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Names => shardOf.Keys;

    /// <summary>Opens an index and every shard that it names.</summary>
    /// <param name="path">The index file; the shards lie beside it.</param>
    /// <param name="open">Opens a shard by its path.</param>
    /// <exception cref="CheckpointException">The index is malformed, names a file outside its folder, or a shard is bad or lacks a tensor.</exception>
    public static ShardedTensors Open(string path, Func<string, ITensorSource> open)
    {
        var source = new ShardedTensors(path);
        try
        {
            source.OpenShards(ReadIndex(path), open);
            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Returns whether all tensors lie in one file.</summary>
    /// <param name="path">The file.</param>
    public bool IsOf(string path) => shards is [var only] && System.IO.Path.GetFullPath(only.Path) == System.IO.Path.GetFullPath(path);

    /// <inheritdoc/>
    public bool Contains(string name) => shardOf.ContainsKey(name);

    /// <inheritdoc/>
    public TensorInfo Info(string name) => Shard(name).Info(name);

    /// <inheritdoc/>
    public string Describe(string name) => Shard(name).Describe(name);

    /// <inheritdoc/>
    public Tensor Read(string name) => Shard(name).Read(name);

    /// <inheritdoc/>
    public void CopyTo(string name, Tensor destination) => Shard(name).CopyTo(name, destination);

    /// <inheritdoc/>
    public bool Holds(string name, Tensor values) => Shard(name).Holds(name, values);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var shard in shards)
        {
            shard.Dispose();
        }
    }

    private static Dictionary<string, string> ReadIndex(string path)
    {
        var bytes = RegularFile.ReadAllBytes(
            path, LargestIndex, (reason, cause) => new CheckpointException(path, $"The index cannot be read: {reason}", cause));
        return JsonText.Parse(bytes, new CheckpointJson(path, "The index"))["weight_map"].Members()
            .ToDictionary(tensor => tensor.Name, tensor => tensor.Value.String(), StringComparer.Ordinal);
    }

    private void OpenShards(Dictionary<string, string> files, Func<string, ITensorSource> open)
    {
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;
        foreach (var group in files.GroupBy(file => file.Value, file => file.Key, StringComparer.Ordinal))
        {
            if (!IsPlainFileName(group.Key))
            {
                throw new CheckpointException(
                    Path,
                    $"The index puts tensor '{group.First()}' into '{group.Key}', but a shard must be a file in the folder of its index. "
                    + "The index is malformed or hostile.");
            }

            var shard = open(System.IO.Path.Combine(folder, group.Key));
            shards.Add(shard);
            foreach (var name in group)
            {
                shardOf[name] = shard.Contains(name)
                    ? shard
                    : throw new CheckpointException(shard.Path, $"The file lacks tensor '{name}', which {Path} puts there.");
            }
        }

        foreach (var shard in shards)
        {
            if (shard.Names.FirstOrDefault(name => !shardOf.TryGetValue(name, out var owner) || owner != shard) is { } stray)
            {
                throw new CheckpointException(
                    shard.Path,
                    $"The file holds tensor '{stray}', "
                        + $"{(files.TryGetValue(stray, out var other) ? $"which {Path} puts into '{other}'" : $"which {Path} does not name")}. "
                    + "Write the index and its files again, or remove the tensor.");
            }
        }
    }

    private static bool IsPlainFileName(string name) => name is not ("" or "." or "..") && name.IndexOfAny(['/', '\\', ':', '\0']) < 0;

    private ITensorSource Shard(string name) =>
        shardOf.TryGetValue(name, out var shard)
            ? shard
            : throw new CheckpointException(Path, $"The index names no tensor '{name}'; it names {shardOf.Count} others.");
}
