using System.Text.Json;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.SequentialLayers;

/// <summary>Builds the layers that a <c>sequential</c> configuration lists, such as <c>["linear", 5, 8]</c> or <c>["tanh"]</c>.</summary>
internal static class LayerList
{
    private const int Most = 10_000;

    /// <summary>Builds the layers of a configuration, in order.</summary>
    /// <param name="config">The configuration; <c>layers</c> is a list of lists, each a kind and its sizes.</param>
    /// <param name="device">The device of the parameters, which are not yet written.</param>
    /// <exception cref="CheckpointException">There is no list of layers, or one cannot be read.</exception>
    public static IReadOnlyList<nn.Module<Tensor, Tensor>> Build(ModelConfig config, Device device)
    {
        var layers = config.GetElement("layers") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().ToArray() : [];
        return layers.Length is > 0 and <= Most
            ? [.. layers.Select(layer => Build(layer, config, device))]
            : throw new CheckpointException(config.Origin, $"'layers' must be a list of 1 to {Most} layers, such as [[\"linear\", 5, 8], [\"tanh\"]].");
    }

    private static nn.Module<Tensor, Tensor> Build(JsonElement layer, ModelConfig config, Device device)
    {
        var parts = layer.ValueKind == JsonValueKind.Array ? layer.EnumerateArray().ToArray() : [];
        var kind = parts.Length > 0 && parts[0].ValueKind == JsonValueKind.String ? parts[0].GetString()! : "";
        return (kind, parts.Length) switch
        {
            ("linear", 3) => new Layers.Linear(Size(1), Size(2), hasBias: true, device),
            ("layer_norm", 2) => new Layers.LayerNorm(Size(1), 1e-5, device),
            ("embedding", 3) => new Layers.Embedding(Size(1), Size(2), device),
            (not ("" or "linear" or "layer_norm" or "embedding"), 1) => Activations.Create(kind, config),
            _ => throw Wrong(),
        };

        long Size(int index) => parts[index].ValueKind == JsonValueKind.Number && parts[index].TryGetInt64(out var size) && size is > 0 and <= int.MaxValue ? size : throw Wrong();

        CheckpointException Wrong() => new(
            config.Origin, $"The layer {layer.GetRawText()} cannot be read; known are [\"linear\", in, out], [\"layer_norm\", width], [\"embedding\", count, width] and activation functions such as [\"gelu\"].");
    }
}
