using Pyvene.Typed.Checkpoints.Gguf;
using Pyvene.Typed.Checkpoints.Pickle;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Files;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Checkpoints;

/// <summary>Is a checkpoint folder in Hugging Face layout: <c>config.json</c> and the weights in one file or in several with an index, as safetensors or as
/// PyTorch's pickles; or a GGUF file, which holds both.</summary>
/// <remarks>Nothing from the folder is executed, and no path in it leaves the folder. Reading is thread-safe.</remarks>
public sealed class Checkpoint : IDisposable
{
    /// <summary>The files that hold weights, the preferred first, as in transformers: safetensors, then pickles.</summary>
    private static readonly (string Name, Func<string, ITensorSource> Open)[] WeightFiles =
    [
        ("model.safetensors", SafetensorsFile.Open),
        ("model.safetensors.index.json", path => ShardedTensors.Open(path, SafetensorsFile.Open)),
        ("pytorch_model.bin", PickledTensors.Open),
        ("pytorch_model.bin.index.json", path => ShardedTensors.Open(path, PickledTensors.Open)),
    ];

    private Checkpoint(string folder, ModelConfig config, ITensorSource weights)
    {
        Folder = folder;
        Config = config;
        Weights = weights;
    }

    /// <summary>Gets the folder, or the folder of the file.</summary>
    public string Folder { get; }

    /// <summary>Gets the configuration of the model that the weights belong to.</summary>
    public ModelConfig Config { get; }

    /// <summary>Gets the names of the stored tensors.</summary>
    public IReadOnlyCollection<string> Names => Weights.Names;

    /// <summary>Gets the stored tensors.</summary>
    internal ITensorSource Weights { get; }

    /// <summary>
    /// Opens a checkpoint folder and checks the headers of its files. No weights are read yet, unless a single file lies beside an index: those must agree.
    /// </summary>
    /// <remarks>Where there are safetensors, pickles are not looked at, as in transformers.</remarks>
    /// <param name="folder">The folder; or a GGUF file, of a split one any part. A folder without other weights may hold such a file.</param>
    /// <exception cref="CheckpointException">The folder or a file in it is missing, malformed or truncated.</exception>
    public static Checkpoint Open(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!WeightFiles.Any(file => File.Exists(Path.Combine(folder, file.Name))) && GgufShards.Find(folder) is { } gguf)
        {
            return OpenGguf(gguf);
        }

        if (!Directory.Exists(folder))
        {
            throw new CheckpointException(folder, "The folder does not exist. Expected a folder with 'config.json' and weights such as 'model.safetensors'."
                + (folder.AsSpan().ContainsAny('/', '\\') ? "" : " A model of the hub is loaded by its whole name, OWNER/NAME, such as "
                    + "'openai-community/gpt2'; it is fetched once and kept."));
        }

        return new Checkpoint(folder, ReadConfig(Path.Combine(folder, "config.json")), OpenWeights(folder));
    }

    /// <summary>Returns whether a tensor of this name is stored.</summary>
    /// <param name="name">The tensor's stored name.</param>
    public bool Contains(string name) => Weights.Contains(name);

    /// <summary>Returns the dtype and shape of a tensor.</summary>
    /// <param name="name">The tensor's stored name.</param>
    /// <exception cref="CheckpointException">No tensor of this name is stored.</exception>
    public TensorInfo Info(string name) => Weights.Info(name);

    /// <summary>Reads a tensor.</summary>
    /// <param name="name">The tensor's stored name.</param>
    /// <returns>A fresh CPU tensor of the stored dtype and shape; it belongs to the current dispose scope, else to the caller.</returns>
    /// <exception cref="CheckpointException">No tensor of this name is stored, or its file is shorter than when it was opened.</exception>
    public Tensor Read(string name) => Weights.Read(name);

    /// <inheritdoc/>
    public void Dispose() => Weights.Dispose();

    private static Checkpoint OpenGguf(string path)
    {
        var model = GgufModel.Open(path);
        try
        {
            return new Checkpoint(Path.GetDirectoryName(Path.GetFullPath(path))!, model.ReadConfig(), model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static ModelConfig ReadConfig(string path) => ModelConfig.Parse(
        RegularFile.ReadAllText(path, ModelConfig.LargestFile, (reason, cause) =>
            new CheckpointException(path, $"The configuration cannot be read: {reason}", cause)), path);

    private static ITensorSource OpenWeights(string folder)
    {
        foreach (var (name, open) in WeightFiles)
        {
            var path = Path.Combine(folder, name);
            if (File.Exists(path))
            {
                var weights = open(path);
                try
                {
                    RequireAgreement(weights, path + ".index.json", open);
                    return weights;
                }
                catch
                {
                    weights.Dispose();
                    throw;
                }
            }
        }

        throw new CheckpointException(
            folder,
            $"The folder holds no weights that can be read: expected one of {string.Join(", ", WeightFiles.Select(file => $"'{file.Name}'"))}, "
            + $"found {Listing(folder)}. Convert other formats to safetensors first.");
    }

    /// <summary>Refuses an index beside a single file, unless both give the same tensors: which one is meant cannot be known.</summary>
    private static void RequireAgreement(ITensorSource weights, string index, Func<string, ITensorSource> open)
    {
        if (!File.Exists(index))
        {
            return;
        }

        using var split = ShardedTensors.Open(index, open);
        if (split.IsOf(weights.Path))
        {
            return;
        }

        var only = weights.Names.FirstOrDefault(name => !split.Contains(name)) ?? split.Names.FirstOrDefault(name => !weights.Contains(name));
        var differing = only ?? weights.Names.FirstOrDefault(name => !Agree(weights, split, name));
        if (differing is not null)
        {
            throw new CheckpointException(
                weights.Path,
                $"The folder holds this file and '{index}' with its files, and they differ {(only is null ? "in the values of" : "in that one lacks")} "
                    + $"tensor '{differing}'. "
                + "Remove the weights that are not meant.");
        }
    }

    private static bool Agree(ITensorSource left, ITensorSource right, string name)
    {
        using var first = left.Read(name);
        var second = right.Info(name);
        return first.dtype == second.Dtype && first.shape.SequenceEqual(second.Shape) && right.Holds(name, first);
    }

    private static string Listing(string folder)
    {
        var names = Directory.EnumerateFiles(folder).Take(10).Select(file => $"'{Path.GetFileName(file)}'").ToList();
        return names.Count == 0 ? "no file" : string.Join(", ", names);
    }
}
