using System.Text.Json;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Says how rotary positions turn queries and keys.</summary>
/// <param name="Width">How many features of a head are turned; an odd number turns one more.</param>
/// <param name="Base">The base of the frequencies (<c>rope_theta</c>).</param>
/// <param name="PositionCount">The number of positions that the model was trained on.</param>
/// <param name="Scaling">How the frequencies are stretched for longer texts.</param>
internal sealed record RotarySettings(long Width, double Base, long PositionCount, RotaryScaling Scaling)
{
    /// <summary>Reads the settings from the fields <c>rope_theta</c>, <c>rope_scaling</c> and <c>max_position_embeddings</c>.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="width">How many features of a head are turned.</param>
    /// <param name="headWidth">The width of a head.</param>
    /// <param name="fallbackBase">The base when the configuration has none.</param>
    /// <param name="fallbackPositions">The number of positions when the configuration has none.</param>
    /// <exception cref="CheckpointException">A field is unknown or absurd.</exception>
    public static RotarySettings Read(ModelConfig config, long width, long headWidth, double fallbackBase, long fallbackPositions)
    {
        var theta = config.GetNumber("rope_theta") ?? fallbackBase;
        if (!(theta > 0) || width < 1 || width + (width % 2) > headWidth)
        {
            throw new CheckpointException(config.Origin, $"Rotary positions turn pairs of features by a base above 0, but {width} of the {headWidth} features of a head are to be turned, with 'rope_theta' {theta}.");
        }

        return new RotarySettings(width, theta, config.GetSize("max_position_embeddings", fallbackPositions), ReadScaling(config));
    }

    private static RotaryScaling ReadScaling(ModelConfig config)
    {
        if (config.GetElement("rope_scaling") is not { ValueKind: JsonValueKind.Object } fields)
        {
            return new RotaryScaling.None();
        }

        var kind = Text(fields, "rope_type") ?? Text(fields, "type") ?? "default";
        return kind switch
        {
            "default" => new RotaryScaling.None(),
            "linear" => new RotaryScaling.Linear(Number("factor")),
            "dynamic" => new RotaryScaling.Dynamic(Number("factor")),
            "llama3" => new RotaryScaling.ByWavelength(Number("factor"), Number("low_freq_factor"), Number("high_freq_factor"), Number("original_max_position_embeddings")),
            _ => throw new CheckpointException(config.Origin, $"'rope_scaling' is of the kind '{kind}', which is not supported; supported are default, linear, dynamic and llama3."),
        };

        double Number(string field) =>
            fields.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Number && value.GetDouble() is > 0 and var number
                ? number
                : throw new CheckpointException(config.Origin, $"'rope_scaling' of the kind '{kind}' needs '{field}' above 0.");
    }

    private static string? Text(JsonElement fields, string field) => fields.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
