using System.Globalization;
using System.Text.Json;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;

namespace Pyvene.Typed.Descriptors;

/// <summary>
/// Computes the sizes of an architecture for one model: expressions such as <c>hidden/heads</c> over configuration fields, other sizes and whole numbers.
/// </summary>
/// <param name="descriptor">The architecture.</param>
/// <param name="config">The model's configuration.</param>
/// <param name="layer">The layer that <c>[layer]</c> stands for; <see langword="null"/> where there is none.</param>
internal sealed class ArchitectureSizes(ArchitectureDescriptor descriptor, ModelConfig config, long? layer = null)
{
    private readonly Dictionary<string, long?> known = new(StringComparer.Ordinal);

    /// <summary>Returns a size.</summary>
    /// <exception cref="InterventionException">The configuration has none of the fields that the expression needs.</exception>
    public long this[string expression] =>
        TryEvaluate(expression)
        ?? throw new InterventionException("config", $"{config.Origin} does not tell the size '{expression}' that the components of '{descriptor.Key}' need.");

    /// <summary>Returns the sizes in one layer, where they may differ from layer to layer.</summary>
    public ArchitectureSizes In(long layer) => new(descriptor, config, layer);

    /// <summary>Returns a size, or <see langword="null"/> when the configuration does not tell it.</summary>
    public long? TryEvaluate(string expression) => SizeExpression.Evaluate(expression, Value);

    private long? Value(string name)
    {
        if (!descriptor.Sizes.TryGetValue(name, out var alternatives))
        {
            return Field(name);
        }

        if (!known.TryGetValue(name, out var value))
        {
            known[name] = null; // A size that needs itself is unknown, not an endless loop.
            value = alternatives.Select(Alternative).FirstOrDefault(candidate => candidate is not null);
            known[name] = value;
        }

        return value;
    }

    private long? Alternative(string alternative)
    {
        var (expression, absent) = SizeExpression.WithoutDefault(alternative);
        return absent is not null && config.GetElementAt(expression) is null ? absent : TryEvaluate(expression);
    }

    /// <summary>Returns a whole number of the configuration: a field, an element of a list, or how many elements a list has.</summary>
    /// <exception cref="CheckpointException">The field is of another kind.</exception>
    private long? Field(string name)
    {
        var (path, index) = SizeExpression.Element(name);
        if (config.GetElementAt(path) is not { } field)
        {
            return null;
        }

        if (field.ValueKind == JsonValueKind.Array && index is null)
        {
            return field.GetArrayLength();
        }

        return (index is null ? field : ElementAt(field, index)) is { ValueKind: not JsonValueKind.Null } value ? config.Whole(name, value) : null;
    }

    private JsonElement? ElementAt(JsonElement list, string index)
    {
        var at = index == SizeExpression.LayerIndex ? layer : long.Parse(index, CultureInfo.InvariantCulture);
        if (list.ValueKind != JsonValueKind.Array || at is not { } place)
        {
            return null;
        }

        place = place < 0 ? list.GetArrayLength() + place : place;
        return place >= 0 && place < list.GetArrayLength() ? list[(int)place] : null;
    }
}
