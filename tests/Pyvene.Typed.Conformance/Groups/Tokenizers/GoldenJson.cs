using System.Text.Json;
using Pyvene.Typed.Tokenization;

namespace Pyvene.Typed.Conformance.Groups.Tokenizers;

/// <summary>Reads lists out of cases.</summary>
internal static class GoldenJson
{
    public static int[] Integers(this JsonElement element) => [.. element.EnumerateArray().Select(item => item.GetInt32())];

    public static string[] Strings(this JsonElement element) => [.. element.EnumerateArray().Select(item => item.GetString()!)];

    public static TextSpan[] Spans(this JsonElement element) =>
        [.. element.EnumerateArray().Select(item => new TextSpan(item[0].GetInt32(), item[1].GetInt32()))];
}
