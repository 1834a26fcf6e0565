using System.Text.Json;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Models.Fields;

/// <summary>Reads <c>layer_types</c>: what each layer attends to.</summary>
internal static class LayerKinds
{
    /// <summary>Names the kinds that exist here: all keys, and those of a window.</summary>
    public static readonly string[] Known = ["full_attention", "sliding_attention"];

    /// <summary>Returns whether each layer has a window, or <see langword="null"/> when the configuration does not say.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="layers">The number of layers.</param>
    /// <param name="window">The window, or <see langword="null"/> when there is none.</param>
    /// <exception cref="CheckpointException">A kind is unknown, there is not one for every layer, or one needs a window that is not there.</exception>
    public static bool[]? Read(ModelConfig config, int layers, long? window)
    {
        if (config.GetElement("layer_types") is not { ValueKind: JsonValueKind.Array } kinds)
        {
            return null;
        }

        if (kinds.GetArrayLength() != layers)
        {
            throw new CheckpointException(config.Origin, $"'layer_types' must name the kind of each of the {layers} layers, but has {kinds.GetArrayLength()} "
                + "entries.");
        }

        var slides = kinds.EnumerateArray().Select((kind, layer) => Slides(config, kind, layer)).ToArray();
        return window is null && Array.IndexOf(slides, true) is >= 0 and var first
            ? throw new CheckpointException(config.Origin, $"'layer_types' gives layer {first} sliding_attention, but the configuration gives this model no "
                + "window. Make the kind full_attention, or give the window.")
            : slides;
    }

    private static bool Slides(ModelConfig config, JsonElement kind, int layer)
    {
        return kind.ValueKind == JsonValueKind.String && Known.Any(kind.ValueEquals)
            ? kind.ValueEquals(Known[1])
            : throw new CheckpointException(config.Origin, $"'layer_types' gives layer {layer} the kind {Excerpt.Of(kind)}, which is not supported; known "
                + $"are {string.Join(" and ", Known)}.") { IsUnsupported = true };
    }
}
