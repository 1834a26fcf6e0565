using System.Text.Json;

namespace Pyvene.Typed.Json;

/// <summary>Reads and writes numbers.</summary>
internal static class JsonNumbers
{
    /// <summary>Returns whether a value is a whole number of 64 bits, and which.</summary>
    public static bool IsWhole(this JsonElement value, out long number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out number);
    }

    /// <summary>Writes a field that is a list of whole numbers, such as a shape.</summary>
    /// <param name="json">The writer, inside of an object.</param>
    /// <param name="name">The field's name.</param>
    /// <param name="numbers">The numbers.</param>
    public static void WriteNumbers(this Utf8JsonWriter json, string name, IEnumerable<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
