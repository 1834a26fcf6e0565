using System.Text.Json;

namespace Pyvene.Typed.Errors;

/// <summary>Shortens what messages quote: a text of a file may be as long as the file.</summary>
internal static class Excerpt
{
    private const int Longest = 80, LongestMessage = 8000;

    /// <summary>Returns a text, or its beginning.</summary>
    /// <param name="text">The text.</param>
    /// <param name="longest">How many characters are shown.</param>
    public static string Of(string text, int longest = Longest) => text.Length <= longest ? text : text[..longest] + "…";

    /// <summary>Returns a message; of one that quotes more than anybody reads, its two ends.</summary>
    /// <param name="message">The message.</param>
    public static string Whole(string message) => message.Length <= LongestMessage
        ? message
        : $"{message[..(LongestMessage * 3 / 4)]} … ({message.Length - LongestMessage} characters left out) … {message[^(LongestMessage / 4)..]}";

    /// <summary>Returns a JSON value as it is written, or its beginning.</summary>
    /// <param name="value">The value.</param>
    public static string Of(JsonElement value) => Of(value.GetRawText());
}
