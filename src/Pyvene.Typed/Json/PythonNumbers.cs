namespace Pyvene.Typed.Json;

/// <summary>Reads the numbers that Python's <c>json</c> writes and JSON does not have.</summary>
internal static class PythonNumbers
{
    /// <summary>Returns whether one of these words stands in a text, be it inside of a string.</summary>
    /// <param name="json">The text.</param>
    public static bool StandIn(ReadOnlySpan<byte> json) => json.IndexOf("Infinity"u8) >= 0 || json.IndexOf("NaN"u8) >= 0;

    /// <summary>
    /// Returns the text with <c>Infinity</c>, <c>-Infinity</c> and <c>NaN</c> outside of strings as JSON has them: a number beyond every double, and null.
    /// </summary>
    /// <param name="json">The text.</param>
    public static byte[] Plain(ReadOnlySpan<byte> json)
    {
        var plain = new List<byte>(json.Length);
        var isInString = false;
        while (json.Length > 0)
        {
            if (!isInString && Find(json) is { Read: > 0 } found)
            {
                plain.AddRange(found.Value);
                json = json[found.Read..];
                continue;
            }

            var length = isInString && json[0] == '\\' && json.Length > 1 ? 2 : 1;
            isInString ^= json[0] == '"';
            plain.AddRange(json[..length]);
            json = json[length..];
        }

        return [.. plain];
    }

    private static (int Read, byte[] Value) Find(ReadOnlySpan<byte> rest) =>
        rest.StartsWith("-Infinity"u8) ? (9, "-1e999"u8.ToArray())
        : rest.StartsWith("Infinity"u8) ? (8, "1e999"u8.ToArray())
        : rest.StartsWith("NaN"u8) ? (3, "null"u8.ToArray())
        : (0, []);
}
