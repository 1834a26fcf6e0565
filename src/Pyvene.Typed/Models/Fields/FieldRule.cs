using System.Globalization;
using System.Text.Json;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;
using Pyvene.Typed.Models.Layers;

namespace Pyvene.Typed.Models.Fields;

/// <summary>Says what a field of a configuration may hold, and what its absence stands for.</summary>
internal sealed record FieldRule
{
    private const int LongestNeutral = 80;

    private readonly Func<JsonElement, bool> accepts;

    private FieldRule(string expected, Func<JsonElement, bool> accepts, object? fallback = null)
    {
        (Expected, this.accepts) = (expected, accepts);
        Default = fallback is null ? null : JsonSerializer.SerializeToElement(fallback, JsonForm.Plain);
    }

    /// <summary>Gets what is expected, in words.</summary>
    public string Expected { get; }

    /// <summary>Gets the value that an absent field stands for; <see langword="null"/> = what reads the field says.</summary>
    public JsonElement? Default { get; private init; }

    /// <summary>Gets another name of the field, or <see langword="null"/>.</summary>
    public string? Alias { get; private init; }

    /// <summary>Gets whether no field of the rule's own name is read: only one of the other name is, if there is one.</summary>
    public bool IsUnsaid { get; private init; }

    /// <summary>Gets whether null may stand there.</summary>
    public bool TakesNull { get; private init; }

    /// <summary>Gets whether no other value is supported, though configurations with others exist.</summary>
    public bool IsNeutral { get; private init; }

    /// <summary>Gets this rule for a field in which null stands for a value that follows from others, or for none, as in transformers.</summary>
    public FieldRule OrNull => this with { TakesNull = true };

    /// <summary>Takes a whole number from 1 on.</summary>
    public static FieldRule Size(long? fallback = null, long most = int.MaxValue) => Whole(fallback, 1, most);

    /// <summary>Takes a whole number.</summary>
    public static FieldRule Whole(long? fallback = null, long least = long.MinValue, long most = long.MaxValue) =>
        new(
            least == long.MinValue ? "a whole number" : $"a whole number from {least} to {most}",
            value => value.IsWhole(out var number) && number >= least && number <= most,
            fallback);

    /// <summary>Takes a number in a range, both ends included.</summary>
    public static FieldRule Number(double? fallback, double least, double most) =>
        new(
            $"a number from {Text(least)} to {Text(most)}",
            value => value.ValueKind == JsonValueKind.Number && value.GetDouble() is var number && number >= least && number <= most,
            fallback);

    /// <summary>Takes a probability.</summary>
    public static FieldRule Probability(double? fallback) => Number(fallback, 0, 1);

    /// <summary>Takes what a norm adds to a variance.</summary>
    public static FieldRule Epsilon(double fallback) =>
        new("a number above 0 and at most 1", value => value.ValueKind == JsonValueKind.Number && value.GetDouble() is > 0 and <= 1, fallback);

    /// <summary>Takes a number above 0 that float32 has.</summary>
    public static FieldRule Positive(double? fallback = null) => Number(fallback, 1e-30, 1e30);

    /// <summary>Takes a truth value.</summary>
    public static FieldRule Flag(bool? fallback = null) =>
        new("true or false", value => value.ValueKind is JsonValueKind.True or JsonValueKind.False, fallback);

    /// <summary>Takes one of some names.</summary>
    public static FieldRule Choice(string? fallback, params string[] names) =>
        new($"one of {string.Join(", ", names)}", value => value.ValueKind == JsonValueKind.String && names.Any(value.ValueEquals), fallback);

    /// <summary>Takes any text; what reads it checks what it says.</summary>
    public static FieldRule Text() => new("a text", value => value.ValueKind == JsonValueKind.String);

    /// <summary>Takes the name of an activation function.</summary>
    public static FieldRule Activation(string? fallback) => Choice(fallback, [.. Activations.Names]);

    /// <summary>Takes a JSON object; what reads it checks what is inside.</summary>
    public static FieldRule Object(object? fallback = null) => new("a JSON object", value => value.ValueKind == JsonValueKind.Object, fallback);

    /// <summary>Takes a JSON list; what reads it checks what is inside.</summary>
    public static FieldRule List(object? fallback = null) => new("a JSON list", value => value.ValueKind == JsonValueKind.Array, fallback);

    /// <summary>Takes a list of 1 to 100 whole numbers from 1 on.</summary>
    public static FieldRule Sizes(long[] fallback, long most) =>
        new($"a list of 1 to 100 whole numbers from 1 to {most}", value => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() is > 0 and <= 100
            && value.EnumerateArray().All(item => item.IsWhole(out var size) && size >= 1 && size <= most), fallback);

    /// <summary>Takes a list of at least one number that is above 0 and that float32 has.</summary>
    public static FieldRule Positives() =>
        new("a list of numbers above 0", value => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0
            && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number && item.GetDouble() is >= 1e-30 and <= 1e30));

    /// <summary>Takes a list of two numbers that bound others, from 0 on and the larger one last, which may be infinity.</summary>
    public static FieldRule Range(double least, double most) =>
        new("a list of two numbers from 0 on, the larger one last", value => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2
            && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number)
            && value[0].GetDouble() is >= 0 and var first && value[1].GetDouble() >= first) { Default = Bounds(least, most) };

    /// <summary>Stands for a value that no field of a configuration says: one of this name is not read.</summary>
    /// <param name="value">The value; <see langword="null"/> = none.</param>
    public static FieldRule Unsaid(object? value) => new("absent", _ => true, value) { IsUnsaid = true };

    /// <summary>Takes, beside null, only values that change nothing: others are of models that are not supported.</summary>
    /// <param name="values">The values as JSON.</param>
    public static FieldRule Only(params string[] values) =>
        Neutral(values.Length == 0 ? "absent or null" : $"absent, null or {string.Join(" or ", values)}", values) with { TakesNull = true };

    /// <summary>Takes only values that change nothing: others, and null, are of models that are not supported.</summary>
    /// <param name="values">The values as JSON.</param>
    public static FieldRule Kept(params string[] values) => Neutral($"absent or {string.Join(" or ", values)}", values);

    /// <summary>Returns this rule for a field in which a word may stand for a value that follows from others.</summary>
    /// <param name="word">The word.</param>
    public FieldRule OrWord(string word) =>
        new($"{Expected} or {word}", value => accepts(value) || (value.ValueKind == JsonValueKind.String && value.ValueEquals(word))) { Default = Default };

    /// <summary>Returns this rule for a field that has a second name.</summary>
    public FieldRule Or(string alias) => this with { Alias = alias };

    /// <summary>Returns this rule for a field that stands in configurations under another name only.</summary>
    public FieldRule Under(string name) => Or(name) with { IsUnsaid = true };

    /// <summary>Returns what is wrong with a value, or <see langword="null"/>.</summary>
    /// <param name="field">The field's name.</param>
    /// <param name="value">Its value.</param>
    public string? Problem(string field, JsonElement value) =>
        value.ValueKind == JsonValueKind.Null && (TakesNull || !IsNeutral) ? TakesNull ? null : $"'{field}' must be {Expected}, but is null."
        : accepts(value) ? null
        : IsNeutral ? $"'{field}' is {Excerpt.Of(value)}, which changes the model's numbers and is not supported: it must be {Expected}."
        : $"'{field}' must be {Expected}, but is {Excerpt.Of(value)}.";

    /// <summary>Returns whether a value is the same as one that is written, but for white space and the form of numbers.</summary>
    /// <param name="value">The value.</param>
    /// <param name="written">The other one as JSON.</param>
    public static bool IsSame(JsonElement value, string written) =>
        value.ValueKind == JsonValueKind.Number
            ? double.TryParse(written, CultureInfo.InvariantCulture, out var number) && value.GetDouble() == number
            : value.GetRawText() is { Length: < LongestNeutral } text && string.Concat(text.Where(letter => !char.IsWhiteSpace(letter))) == written;

    // Infinity stands in a text as a number beyond every double.
    private static JsonElement Bounds(double least, double most) =>
        JsonElement.Parse($"[{Text(least)}, {(double.IsInfinity(most) ? "1e999" : Text(most))}]");

    private static FieldRule Neutral(string expected, string[] values) =>
        new(expected, value => values.Any(neutral => IsSame(value, neutral))) { IsNeutral = true };

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
