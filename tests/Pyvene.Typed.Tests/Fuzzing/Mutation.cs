using System.Text;
using System.Text.Json;

namespace Pyvene.Typed.Tests.Fuzzing;

/// <summary>Makes malformed inputs from right ones; the same seed makes the same input.</summary>
internal static class Mutation
{
    private static readonly string[] Values =
    [
        "null", "true", "0", "1", "-1", "0.5", "1e300", "1e999", "-1e999", "2147483647", "2147483648", "-2147483648", "9223372036854775807",
        "99999999999999999999", "\"\"", "\"a\"", "\"\\ud800\"", "\"\\u0000\"",
        "\"../../x\"", "[]", "[null]", "[[]]", "[0, 0]", "[-1]", "[2147483647]", "[1, 2, 3]", "{}", "{\"\": 1}", "{\"a\": {}}", "[[[[[[[[1]]]]]]]]",
        "{\"examples\": [[]]}", "{\"shape\": [0], \"values\": []}",
    ];

    /// <summary>Puts another value or name in the place of one of a text in JSON, or doubles or wraps it.</summary>
    public static string OfJson(Random random, string json)
    {
        var utf8 = Encoding.UTF8.GetBytes(json);
        var spans = Spans(utf8);
        var (start, end, isName) = spans[random.Next(spans.Count)];
        var old = Encoding.UTF8.GetString(utf8[start..end]);
        var value = Values[random.Next(Values.Length)];
        var next = isName
            ? (random.Next(2) == 0 ? "\"q\"" : "\"\\ud800\"")
            : random.Next(8) switch { 0 => $"[{old}]", 1 => $"{old}{old}", 2 => "", _ => value };
        return Encoding.UTF8.GetString([.. utf8[..start], .. Encoding.UTF8.GetBytes(next), .. utf8[end..]]);
    }

    /// <summary>Changes, removes, adds or repeats some bytes, mostly among the first.</summary>
    /// <param name="random">The source of chance.</param>
    /// <param name="bytes">The right bytes.</param>
    /// <param name="head">How many of them say most.</param>
    public static byte[] OfBytes(Random random, byte[] bytes, int head)
    {
        List<byte> next = [.. bytes];
        for (var change = random.Next(1, 5); change > 0 && next.Count > 0; change--)
        {
            var at = random.Next(random.Next(3) > 0 ? Math.Min(head, next.Count) : next.Count);
            switch (random.Next(5))
            {
                case 0: next[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: next[at] = new byte[] { 0, 0x7f, 0x80, 0xff, (byte)'.', (byte)'R', (byte)'(' }[random.Next(7)]; break;
                case 2: next.RemoveRange(at, Math.Min(next.Count - at, random.Next(1, 9))); break;
                case 3: next.InsertRange(at, next.GetRange(at, Math.Min(next.Count - at, random.Next(1, 60)))); break;
                default: next.InsertRange(at, [0xff, 0xff, 0xff, 0x7f]); break;
            }
        }

        return [.. next];
    }

    private static List<(int Start, int End, bool IsName)> Spans(byte[] utf8)
    {
        var (spans, starts) = (new List<(int, int, bool)>(), new Stack<int>());
        var reader = new Utf8JsonReader(utf8);
        while (reader.Read())
        {
            var start = (int)reader.TokenStartIndex;
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                starts.Push(start);
                continue;
            }

            var isEnd = reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray;
            var isName = reader.TokenType is JsonTokenType.PropertyName;
            spans.Add((isEnd ? starts.Pop() : start, isName ? start + reader.ValueSpan.Length + 2 : (int)reader.BytesConsumed, isName));
        }

        return spans;
    }
}
