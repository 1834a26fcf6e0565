using System.Text.Json;

namespace Pyvene.Typed.Conformance.Groups.Interventions;

/// <summary>Reads indices of every example, written <c>[B][n]</c>.</summary>
internal static class IndexTable
{
    /// <summary>Reads one list of integers an example.</summary>
    /// <param name="element">The JSON value.</param>
    /// <param name="field">The field, for messages.</param>
    /// <exception cref="CaseFieldException">The value is something else.</exception>
    public static int[][] Read(JsonElement element, string field) => Rows(element, field, row => Rows(row, field, value =>
        value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var index) ? index : throw Malformed(value, "an integer", field)));

    /// <summary>Reads a list.</summary>
    /// <exception cref="CaseFieldException">The value is no list.</exception>
    public static T[] Rows<T>(JsonElement element, string field, Func<JsonElement, T> read) =>
        element.ValueKind is JsonValueKind.Array ? [.. element.EnumerateArray().Select(read)] : throw Malformed(element, "a list", field);

    private static CaseFieldException Malformed(JsonElement element, string expected, string field) =>
        new(field, $"expected {expected}, found {element.GetRawText()}");
}
