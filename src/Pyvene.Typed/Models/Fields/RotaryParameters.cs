using System.Text.Json;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Models.Fields;

/// <summary>Reads the checked members of one object of a configuration that says how positions turn.</summary>
/// <param name="Config">The configuration.</param>
/// <param name="Place">Where the object stands.</param>
/// <param name="Kind">The kind of rotary positions.</param>
/// <param name="Fields">The object.</param>
/// <param name="Rules">The rules of the kind.</param>
internal sealed record RotaryParameters(
    ModelConfig Config, string Place, string Kind, JsonElement Fields, IReadOnlyDictionary<string, FieldRule> Rules)
{
    /// <summary>Returns a number, or <see langword="null"/> when it is absent or null.</summary>
    public double? Optional(string field) => Value(field) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;

    /// <summary>Returns a number, or <see langword="null"/> when it is absent, null or 0, which say the same.</summary>
    public double? Said(string field) => Optional(field) is { } value and not 0 ? value : null;

    /// <summary>Returns a whole number, or <see langword="null"/> when it is absent or null.</summary>
    public long? Integer(string field) => (long?)Optional(field);

    /// <summary>Returns a number that must be there.</summary>
    /// <exception cref="CheckpointException">It is absent or null.</exception>
    public double Number(string field) => Optional(field) ?? throw Missing(field);

    /// <summary>Returns a list of numbers that must be there.</summary>
    /// <exception cref="CheckpointException">It is absent.</exception>
    public IReadOnlyList<double> Numbers(string field) => [.. (Value(field) ?? throw Missing(field)).EnumerateArray().Select(item => item.GetDouble())];

    /// <summary>Returns a truth value.</summary>
    public bool Flag(string field, bool fallback) => Value(field)?.GetBoolean() ?? fallback;

    private JsonElement? Value(string field) => Fields.TryGetProperty(field, out var value) ? value : null;

    private CheckpointException Missing(string field) =>
        new(Config.Origin, $"'{Place}' of the kind '{Kind}' needs '{field}': {Rules[field].Expected}.");
}
