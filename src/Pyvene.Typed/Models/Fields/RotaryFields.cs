using System.Globalization;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Layers;

namespace Pyvene.Typed.Models.Fields;

/// <summary>
/// Reads rotary positions from the fields of transformers 4 (<c>rope_theta</c>, <c>rope_scaling</c> and an architecture's own) and of transformers 5
/// (<c>rope_parameters</c>).
/// </summary>
internal static class RotaryFields
{
    private const double FallbackBase = 10000;

    /// <summary>Reads the settings.</summary>
    /// <param name="config">The checked configuration.</param>
    /// <param name="headWidth">The width of a head.</param>
    /// <param name="bases">The fields of the configuration that say the base.</param>
    /// <param name="parts">Those that say which part of a head is turned.</param>
    /// <param name="fallbackPart">That part when nothing says it; 1 = the architecture turns whole heads always.</param>
    /// <exception cref="CheckpointException">A field is unknown, of another kind or out of range, or two contradict each other.</exception>
    public static RotarySettings Read(ModelConfig config, long headWidth, string[] bases, string[] parts, double? fallbackPart = null)
    {
        var objects = RotaryObject.ReadAll(config);
        var theta = Agreed(config, Stated(config, bases).Concat(objects.Select(item => ($"{item.Place}.rope_theta", item.Base)))) ?? FallbackBase;
        var part = Agreed(config, Stated(config, parts).Concat(objects.Select(item => ($"{item.Place}.partial_rotary_factor", item.Part))))
            ?? fallbackPart ?? 1;
        foreach (var other in objects.Where(item => item.Scaling != objects[0].Scaling))
        {
            throw new CheckpointException(config.Origin, $"'{objects[0].Place}' asks for {objects[0].Scaling}, but '{other.Place}' asks for {other.Scaling}; "
                + "all layers here share their rotary positions, so both must say the same.");
        }

        if (fallbackPart == 1 && part != 1)
        {
            throw new CheckpointException(config.Origin, string.Create(CultureInfo.InvariantCulture, $"'partial_rotary_factor' is {part}, which is not "
                + $"supported for this architecture: it turns whole heads, and the factor must be absent or 1.")) { IsUnsupported = true };
        }

        var scaling = objects.Count == 0 ? new RotaryScaling.None() : objects[0].Scaling;
        var width = (long)(headWidth * part);
        var pairs = (width + 1) / 2;
        if (width < 1 || width + (width % 2) > headWidth || (width == 2 && scaling is RotaryScaling.Dynamic)
            || (width % 2 != 0 && scaling is RotaryScaling.ByTurns))
        {
            throw new CheckpointException(config.Origin, $"Rotary positions turn pairs of features, but {width} of the {headWidth} features of a head are to "
                + "be turned.");
        }

        if (theta == 1 && scaling is RotaryScaling.ByTurns)
        {
            throw new CheckpointException(config.Origin, "Rotary positions of the kind 'yarn' need a 'rope_theta' other than 1, by which all "
                + "pairs turn alike.");
        }

        if (scaling is RotaryScaling.ByLength lengths && (lengths.Short.Count != pairs || lengths.Long.Count != pairs))
        {
            throw new CheckpointException(config.Origin, $"'short_factor' and 'long_factor' must have a number for each of the {pairs} pairs of features that "
                + $"are turned, but have {lengths.Short.Count} and {lengths.Long.Count}.");
        }

        return new RotarySettings(width, theta, config.Size("max_position_embeddings"), scaling);
    }

    private static IEnumerable<(string Name, double? Value)> Stated(ModelConfig config, string[] fields) =>
        fields.Select(field => (field, config.GetNumber(field)));

    private static double? Agreed(ModelConfig config, IEnumerable<(string Name, double? Value)> stated)
    {
        var given = stated.Where(item => item.Value is not null).ToArray();
        foreach (var other in given.Where(item => item.Value != given[0].Value))
        {
            throw new CheckpointException(
                config.Origin,
                string.Create(CultureInfo.InvariantCulture, $"'{given[0].Name}' is {given[0].Value}, but '{other.Name}' is {other.Value}; all layers here "
                    + $"share their rotary positions, so both must say the same."));
        }

        return given.Length == 0 ? null : given[0].Value;
    }
}
