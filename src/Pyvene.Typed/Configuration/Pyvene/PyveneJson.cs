using System.Text.Json;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Configuration;

/// <summary>Is a Python value of nested lists, tuples, whole numbers and None, read once from JSON.</summary>
/// <param name="Path">Where it stands.</param>
/// <param name="Number">The number, when it is one.</param>
/// <param name="Items">The members, when it is a list or a tuple.</param>
/// <param name="IsTuple">Whether it is a tuple.</param>
/// <param name="Fields">The members by name, when it is a dictionary.</param>
internal sealed record PyveneJson(
    string Path, int? Number, IReadOnlyList<PyveneJson>? Items, bool IsTuple, IReadOnlyList<(string Name, PyveneJson Value)>? Fields)
{
    /// <summary>Gets whether it is None.</summary>
    public bool IsNone => Number is null && Items is null && Fields is null;

    /// <summary>Gets the members when all of them are numbers and there is at least one; else <see langword="null"/>.</summary>
    public int[]? Numbers => Items is { Count: > 0 } && Items.All(item => item.Number is not null) ? [.. Items.Select(item => item.Number!.Value)] : null;

    /// <summary>Reads a value.</summary>
    /// <exception cref="Errors.InterventionException">A value is none of these kinds.</exception>
    public static PyveneJson Of(JsonPlace json)
    {
        switch (json.Element.ValueKind)
        {
            case JsonValueKind.Null:
                return new PyveneJson(json.Path, null, null, false, null);
            case JsonValueKind.Array:
                return new PyveneJson(json.Path, null, [.. json.Items().Select(Of)], false, null);
            case JsonValueKind.Object when json.Element.TryGetProperty("tuple", out var members) && members.ValueKind is JsonValueKind.Array:
                return new PyveneJson(json.Path, null, [.. (json with { Element = members }).Items().Select(Of)], true, null);
            case JsonValueKind.Object:
                return new PyveneJson(json.Path, null, null, false, [.. json.Members().Select(item => (item.Name, Of(item.Value)))]);
            default:
                return new PyveneJson(json.Path, json.Integer(), null, false, null);
        }
    }
}
