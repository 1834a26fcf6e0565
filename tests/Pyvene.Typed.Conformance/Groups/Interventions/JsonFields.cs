using System.Text.Json;

namespace Pyvene.Typed.Conformance.Groups.Interventions;

/// <summary>Reads fields that may be absent; JSON's null counts as absent.</summary>
internal static class JsonFields
{
    /// <summary>Returns a field of an object, or null where it is absent.</summary>
    public static JsonElement? Optional(this JsonElement fields, string name) =>
        fields.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    /// <summary>Returns an entry of a list that runs in parallel to the interventions, or null where there is none.</summary>
    public static JsonElement? Entry(this GoldenCase golden, string list, int index) =>
        golden.Field(list) is { } entries && index < entries.GetArrayLength() && entries[index].ValueKind is not JsonValueKind.Null ? entries[index] : null;
}
