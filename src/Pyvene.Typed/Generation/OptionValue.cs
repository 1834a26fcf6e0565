using System.Text.Json;
using Pyvene.Typed.Generation.Processors;

namespace Pyvene.Typed.Generation;

/// <summary>Reads the value of an option from JSON; null is read as not set.</summary>
internal static class OptionValue
{
    private const int LargestRows = 128;
    private const int LargestLength = 1 << 24;

    /// <summary>Reads a whole number.</summary>
    /// <exception cref="FormatException">The value is of another kind, as in every method of this class.</exception>
    public static int? Integer(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Number when value.TryGetInt32(out var number) => number,
        _ => throw new FormatException("a whole number of at most 32 bits is expected."),
    };

    /// <summary>Reads how many rows a prompt becomes: a file's wish, which takes memory wherever it is loaded.</summary>
    public static int? Rows(JsonElement value) => Integer(value) is { } rows && rows > LargestRows
        ? throw new FormatException(FormattableString.Invariant(
            $"a file may ask for at most {LargestRows} rows a prompt, since every one takes memory. Write a smaller number, or set more in the program."))
        : Integer(value);

    /// <summary>Reads a number of tokens.</summary>
    public static int? Length(JsonElement value) => Integer(value) is { } tokens && tokens > LargestLength
        ? throw new FormatException(FormattableString.Invariant(
            $"a file may ask for at most {LargestLength} tokens, more than any model reads. Write a smaller number, or set more in the program."))
        : Integer(value);

    /// <summary>Reads a number.</summary>
    public static double? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Number => value.GetDouble(),
        _ => throw new FormatException("a number is expected."),
    };

    /// <summary>Reads a truth value.</summary>
    public static bool? Flag(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new FormatException("true or false is expected."),
    };

    /// <summary>Reads a list.</summary>
    public static IReadOnlyList<T> List<T>(JsonElement value, Func<JsonElement, T> item) => value.ValueKind switch
    {
        JsonValueKind.Null => [],
        JsonValueKind.Array => [.. value.EnumerateArray().Select(item)],
        _ => throw new FormatException("a list is expected."),
    };

    /// <summary>Reads a list of whole numbers.</summary>
    public static IReadOnlyList<int> Integers(JsonElement value) =>
        List(value, item => Integer(item) ?? throw new FormatException("a list without null is expected."));

    /// <summary>Reads a whole number or a list of them.</summary>
    public static IReadOnlyList<int> OneOrMore(JsonElement value) => value.ValueKind is JsonValueKind.Number ? [Integer(value)!.Value] : Integers(value);

    /// <summary>Reads a string or a list of them.</summary>
    public static IReadOnlyList<string> Strings(JsonElement value) =>
        value.ValueKind is JsonValueKind.String
            ? [value.GetString()!]
            : List(value, item => item.ValueKind is JsonValueKind.String ? item.GetString()! : throw new FormatException("a list of strings is expected."));

    /// <summary>Reads when a beam search stops.</summary>
    public static EarlyStopping Stopping(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => EarlyStopping.Heuristic,
        JsonValueKind.True => EarlyStopping.AsSoonAsFull,
        JsonValueKind.String when value.GetString() == "never" => EarlyStopping.Never,
        _ => throw new FormatException("true, false or \"never\" is expected."),
    };

    /// <summary>Reads a biased sequence: <c>[[ids], bias]</c>.</summary>
    public static SequenceBias Bias(JsonElement value)
    {
        var (ids, bias) = Pair(value, "[[token ids], bias]");
        return new SequenceBias(Integers(ids), Number(bias) ?? throw new FormatException("the bias is missing."));
    }

    /// <summary>Reads a decay: <c>[start, factor]</c>.</summary>
    public static LengthDecay? Decay(JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Null) return null;
        var (start, factor) = Pair(value, "[start, factor]");
        return new LengthDecay(Integer(start) ?? throw new FormatException("the start is missing."), Number(factor)
            ?? throw new FormatException("the factor is missing."));
    }

    private static (JsonElement First, JsonElement Second) Pair(JsonElement value, string form) =>
        value.ValueKind is JsonValueKind.Array && value.GetArrayLength() == 2
            ? (value[0], value[1])
            : throw new FormatException($"{form} is expected.");
}
