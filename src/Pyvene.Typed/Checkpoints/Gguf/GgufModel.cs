using System.Text.Json;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;
using Pyvene.Typed.Models;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Checkpoints.Gguf;

/// <summary>Is the model of a GGUF file, or of one that is split: its configuration and its weights in Hugging Face's layout.</summary>
internal sealed class GgufModel : ITensorSource
{
    private const string Frequencies = "rope_freqs.weight";

    private readonly IReadOnlyList<GgufFile> files;
    private readonly GgufMetadata metadata;
    private readonly GgufArchitecture architecture;
    private readonly Dictionary<string, GgufFile> fileOf = new(StringComparer.Ordinal); // by stored name
    private readonly Dictionary<string, (string Stored, GgufForm Form)> weights = new(StringComparer.Ordinal); // by name

    private GgufModel(IReadOnlyList<GgufFile> files)
    {
        this.files = files;
        metadata = new GgufMetadata(files[0].Path, files[0].Metadata);
        var key = metadata.Text("general.architecture") ?? throw metadata.Missing("general.architecture");
        var known = string.Join(", ", GgufArchitecture.All.Select(item => item.Key));
        architecture = GgufArchitecture.All.FirstOrDefault(item => item.Key == key) ?? throw new CheckpointException(
            Path, $"'general.architecture' is '{Excerpt.Of(key)}', which is not known; known are {known}.") { IsUnsupported = true };
        foreach (var file in files)
        {
            foreach (var name in file.Names)
            {
                if (!fileOf.TryAdd(name, file))
                {
                    throw new CheckpointException(file.Path, $"Tensor '{name}' stands in another part too.");
                }
            }
        }

        var names = architecture.Names.ToDictionary(name => name.Stored, StringComparer.Ordinal);
        foreach (var stored in fileOf.Keys.Where(name => name != Frequencies))
        {
            weights[NameOf(names, stored, out var form)] = (stored, form);
        }
    }

    /// <inheritdoc/>
    public string Path => files[0].Path;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Names => weights.Keys;

    /// <summary>Gets the width of a head.</summary>
    public long HeadWidth => Whole("attention.key_length", optional: true)
        ?? Whole("embedding_length")!.Value / Math.Max(1, Whole("attention.head_count")!.Value);

    /// <summary>Opens the model.</summary>
    /// <param name="path">A file of it.</param>
    /// <exception cref="CheckpointException">A file is missing or malformed, or the architecture is unknown.</exception>
    public static GgufModel Open(string path)
    {
        var files = GgufShards.Open(path);
        try
        {
            return new GgufModel(files);
        }
        catch
        {
            foreach (var file in files) file.Dispose();
            throw;
        }
    }

    /// <summary>Returns whether a tensor is stored.</summary>
    /// <param name="stored">Its name in the file.</param>
    public bool Has(string stored) => fileOf.ContainsKey(stored);

    /// <summary>Returns a whole number of the architecture's own metadata.</summary>
    public long? Whole(string key, bool optional = false) => metadata.Whole($"{architecture.Key}.{key}")
        ?? (optional ? null : throw metadata.Missing($"{architecture.Key}.{key}"));

    /// <summary>Refuses a number of the architecture's own metadata that is another than the only one that its models have; gives no fields.</summary>
    public IEnumerable<(string Field, object? Value)> Only(string key, double value) =>
        metadata.Number($"{architecture.Key}.{key}") is not { } other || (float)other == (float)value // files hold float32
            ? []
            : throw new CheckpointException(Path, FormattableString.Invariant($"'{architecture.Key}.{key}' is {other}; only {value} is supported."))
            {
                IsUnsupported = true,
            };

    /// <summary>Returns the configuration that the metadata stands for; what nothing here knows keeps its own name, and so is told.</summary>
    /// <exception cref="CheckpointException">A value is missing, of another kind, or contradicts another.</exception>
    public ModelConfig ReadConfig()
    {
        using var factors = Has(Frequencies) ? Read(Frequencies, GgufForm.Same) : null;
        var fields = GgufConfig.Fields(metadata, architecture, this, factors?.to(ScalarType.Float32).data<float>().ToArray());
        return ModelConfig.Parse(JsonSerializer.Serialize(fields, JsonForm.Plain), Path);
    }

    /// <inheritdoc/>
    public bool Contains(string name) => weights.ContainsKey(name);

    /// <inheritdoc/>
    public TensorInfo Info(string name) => Weight(name) is var (stored, form) && form == GgufForm.PlusOne
        ? new TensorInfo(ScalarType.Float32, Stored(stored).Shape)
        : form == GgufForm.Turned ? new TensorInfo(Stored(stored).Type.Dtype, [.. Stored(stored).Shape.Reverse()])
        : Stored(stored).Info;

    /// <inheritdoc/>
    public string Describe(string name) => $"{Stored(Weight(name).Stored)}, which the file calls '{Weight(name).Stored}',";

    /// <inheritdoc/>
    public Tensor Read(string name) => Read(Weight(name).Stored, Weight(name).Form);

    /// <inheritdoc/>
    public void CopyTo(string name, Tensor destination)
    {
        var (view, shape) = View(name);
        using var viewed = destination.detach().view(shape);
        view.CopyTo(viewed);
    }

    /// <inheritdoc/>
    public bool Holds(string name, Tensor values)
    {
        var (view, shape) = View(name);
        using var viewed = values.detach().view(shape);
        return view.Holds(viewed);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in files) file.Dispose();
    }

    /// <summary>Returns what a stored tensor is.</summary>
    public GgufTensor Stored(string stored) => fileOf.TryGetValue(stored, out var file)
        ? file.Tensor(stored)
        : throw new CheckpointException(Path, $"The file holds no tensor '{stored}'.");

    private static string NameOf(Dictionary<string, GgufName> names, string stored, out GgufForm form)
    {
        var ending = Math.Max(0, stored.LastIndexOf('.'));
        var parts = stored[..ending].Split('.', 3);
        var inBlock = parts.Length == 3 && parts[0] == "blk";
        var found = names.GetValueOrDefault(inBlock ? $"blk.{parts[2]}" : stored[..ending]);
        form = found?.Form ?? GgufForm.Same;
        return found is null ? stored : (inBlock ? found.Name.Replace("*", parts[1], StringComparison.Ordinal) : found.Name) + stored[ending..];
    }

    private (string Stored, GgufForm Form) Weight(string name) => weights.TryGetValue(name, out var weight)
        ? weight
        : throw new CheckpointException(Path, $"The file holds no tensor for '{name}'; it holds {Names.Count} others.");

    private Tensor Read(string stored, GgufForm form)
    {
        var (view, shape) = View(stored, form);
        var tensor = empty(form == GgufForm.Turned ? [.. Stored(stored).Shape.Reverse()] : Stored(stored).Shape, InfoDtype(stored, form), CPU);
        using var viewed = tensor.view(shape);
        view.CopyTo(viewed);
        return tensor;
    }

    private ScalarType InfoDtype(string stored, GgufForm form) => form == GgufForm.PlusOne ? ScalarType.Float32 : Stored(stored).Type.Dtype;

    private (StoredView View, long[] Shape) View(string name) => View(Weight(name).Stored, Weight(name).Form);

    private (StoredView View, long[] Shape) View(string stored, GgufForm form)
    {
        var (file, tensor) = (fileOf[stored], Stored(stored));
        var (shape, strides) = Order(tensor, form);
        return (new StoredView(InfoDtype(stored, form), 0, shape, strides, (start, part) =>
        {
            if (form != GgufForm.PlusOne)
            {
                file.Fill(stored, start, part);
                return;
            }

            using var numbers = empty(part.shape, tensor.Type.Dtype, CPU);
            file.Fill(stored, start, numbers);
            part.copy_(numbers);
            part.sub_(Scalars.Of(1));
        }), shape);
    }

    /// <summary>Returns the sizes and strides, in stored numbers, in which the numbers stand in Hugging Face's order.</summary>
    private (long[] Shape, long[] Strides) Order(GgufTensor tensor, GgufForm form)
    {
        var same = (tensor.Shape, StoredView.StridesOf(tensor.Shape));
        var rows = tensor.Shape.Length == 0 ? 1 : tensor.Shape[0];
        var row = tensor.Shape.Length == 2 ? tensor.Shape[1] : 1;
        switch (form)
        {
            case GgufForm.Turned when tensor.Shape.Length == 2:
                return ([row, rows], [1, row]);
            case GgufForm.QueryPairs or GgufForm.KeyPairs:
                var groups = form == GgufForm.KeyPairs && Whole("attention.head_count_kv", optional: true) is { } keys
                    ? keys
                    : Whole("attention.head_count")!.Value;
                if (groups < 1 || rows % (2 * groups) != 0)
                {
                    return same; // the sizes do not fit, and are refused as such
                }

                var half = rows / groups / 2;
                return ([groups, 2, half, row], [2 * half * row, row, 2 * row, 1]); // row j·half + i of a head is stored as row 2i + j
            case GgufForm.HeadsApart:
                var heads = Whole("attention.head_count")!.Value;
                if (heads < 1 || rows % (3 * heads) != 0)
                {
                    return same;
                }

                var width = rows / heads / 3;
                return ([heads, 3, width, row], [width * row, heads * width * row, row, 1]);
            default:
                return same;
        }
    }
}
