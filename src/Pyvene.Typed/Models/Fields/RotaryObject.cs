using System.Text.Json;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Layers;

namespace Pyvene.Typed.Models.Fields;

/// <summary>Holds what one object of a configuration says about rotary positions.</summary>
/// <param name="Place">Where it stands: <c>rope_scaling</c>, <c>rope_parameters</c>, or <c>rope_parameters.full_attention</c>.</param>
/// <param name="Base">The base, or <see langword="null"/> when the object does not say.</param>
/// <param name="Part">Which part of a head is turned, or <see langword="null"/> when the object does not say.</param>
/// <param name="Scaling">How frequencies are stretched.</param>
internal sealed record RotaryObject(string Place, double? Base, double? Part, RotaryScaling Scaling)
{
    /// <summary>Reads the objects of a configuration: none, or more than one where it has both forms, or one a kind of layer.</summary>
    /// <param name="config">The configuration.</param>
    /// <exception cref="CheckpointException">The kind is not supported, or a field is unknown, missing, of another kind or out of range.</exception>
    public static IReadOnlyList<RotaryObject> ReadAll(ModelConfig config) =>
        [.. new[] { "rope_parameters", "rope_scaling" }.SelectMany(field => Objects(config, field)).Select(item => Read(config, item.Place, item.Fields))];

    private static IEnumerable<(string Place, JsonElement Fields)> Objects(ModelConfig config, string field)
    {
        if (config.GetElement(field) is not { ValueKind: JsonValueKind.Object } fields)
        {
            return [];
        }

        if (!LayerKinds.Known.Any(kind => fields.TryGetProperty(kind, out _)))
        {
            return [(field, fields)];
        }

        foreach (var kind in fields.EnumerateObject())
        {
            if (!LayerKinds.Known.Contains(kind.Name) || kind.Value.ValueKind != JsonValueKind.Object)
            {
                throw new CheckpointException(config.Origin, $"'{field}' has one object a kind of layer, so '{Excerpt.Of(kind.Name)}' must be one of "
                    + $"{string.Join(", ", LayerKinds.Known)}, and an object, but it is {Excerpt.Of(kind.Value)}.");
            }
        }

        return fields.EnumerateObject().Select(kind => ($"{field}.{kind.Name}", kind.Value));
    }

    private static RotaryObject Read(ModelConfig config, string place, JsonElement fields)
    {
        var kind = Kind(config, place, fields);
        var (rules, make) = RotaryKinds.All[kind];
        foreach (var member in fields.EnumerateObject())
        {
            if (!rules.TryGetValue(member.Name, out var rule))
            {
                throw new CheckpointException(config.Origin, $"'{place}' of the kind '{kind}' has the field '{Excerpt.Of(member.Name)}', which is not "
                    + $"supported; known are {string.Join(", ", rules.Keys)}.") { IsUnsupported = true };
            }

            if (rule.Problem($"{place}.{member.Name}", member.Value) is { } problem)
            {
                throw new CheckpointException(config.Origin, problem);
            }
        }

        var parameters = new RotaryParameters(config, place, kind, fields, rules);
        return new RotaryObject(place, parameters.Optional("rope_theta"), parameters.Optional("partial_rotary_factor"), make(parameters));
    }

    private static string Kind(ModelConfig config, string place, JsonElement fields)
    {
        var names = new List<string>();
        foreach (var field in new[] { "rope_type", "type" })
        {
            if (fields.TryGetProperty(field, out var value))
            {
                var name = value.ValueKind == JsonValueKind.String
                    ? value.GetString()!
                    : throw new CheckpointException(config.Origin, $"'{place}.{field}' must be one of {Supported}, but is {Excerpt.Of(value)}.");
                // Phi-3's first files call longrope so.
                name = name == "su" || (name == "yarn" && fields.TryGetProperty("short_factor", out _) && !fields.TryGetProperty("factor", out _))
                    ? "longrope"
                    : name;
                names.Add(RotaryKinds.All.ContainsKey(name)
                    ? name
                    : throw new CheckpointException(config.Origin, $"'{place}' is of the kind '{Excerpt.Of(name)}', which is not supported; supported are "
                        + $"{Supported}.") { IsUnsupported = true });
            }
        }

        return names.Distinct().Count() > 1
            ? throw new CheckpointException(config.Origin, $"'{place}' says two kinds: '{names[0]}' in 'rope_type' and '{names[1]}' in 'type'.")
            : names.FirstOrDefault("default");
    }

    private static string Supported => string.Join(", ", RotaryKinds.All.Keys);
}
