using System.Text.Json;

namespace Pyvene.Typed.Checkpoints;

/// <summary>Writes lists of numbers.</summary>
internal static class JsonNumbers
{
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
