using System.Text;

namespace Pyvene.Typed.Models;

/// <summary>Reads the numbers that Python's <c>json</c> writes and JSON does not have.</summary>
internal static class PythonJson
{
    // A number beyond every double is read as infinite; what is no number is read as no value.
    private static readonly (string Word, string Value)[] Words = [("-Infinity", "-1e999"), ("Infinity", "1e999"), ("NaN", "null")];

    /// <summary>Returns the text with <c>Infinity</c>, <c>-Infinity</c> and <c>NaN</c> outside of strings as JSON has them; the text itself where it has none.</summary>
    /// <param name="json">The text.</param>
    public static string Plain(string json)
    {
        if (!json.Contains("Infinity", StringComparison.Ordinal) && !json.Contains("NaN", StringComparison.Ordinal))
        {
            return json;
        }

        var plain = new StringBuilder(json.Length);
        var isInString = false;
        for (var index = 0; index < json.Length; index++)
        {
            var rest = json.AsSpan(index);
            if (isInString && json[index] == '\\' && rest.Length > 1)
            {
                plain.Append(json, index++, 2);
                continue;
            }

            isInString ^= json[index] == '"';
            if (!isInString && Find(rest) is var (word, value))
            {
                plain.Append(value);
                index += word.Length - 1;
                continue;
            }

            plain.Append(json[index]);
        }

        return plain.ToString();
    }

    private static (string Word, string Value)? Find(ReadOnlySpan<char> rest)
    {
        foreach (var word in Words)
        {
            if (rest.StartsWith(word.Word, StringComparison.Ordinal))
            {
                return word;
            }
        }

        return null;
    }
}
