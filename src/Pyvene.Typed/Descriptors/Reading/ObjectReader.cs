using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Reads the members of one JSON object by name and kind; reports unknown, repeated, missing and wrong ones.</summary>
internal sealed class ObjectReader
{
    private readonly DescriptorSource source;
    private readonly JsonValue value;
    private readonly string what;
    private readonly Dictionary<string, JsonMember> members = [];

    /// <summary>Initialises the reader.</summary>
    /// <param name="source">Takes the errors.</param>
    /// <param name="value">The object.</param>
    /// <param name="what">What the object is, for messages: <c>a component</c>.</param>
    /// <param name="known">The keys that it may have; none = any.</param>
    public ObjectReader(DescriptorSource source, JsonValue value, string what, params string[] known)
    {
        this.source = source;
        this.value = value;
        this.what = what;
        foreach (var member in value.Members)
        {
            if (source.IsFull) break;
            if (members.ContainsKey(member.Name)) source.Report(DescriptorRules.RepeatedKey, member.NameSpan, member.Name, what);
            else if (known.Length > 0 && !known.Contains(member.Name)) source.Report(
                DescriptorRules.UnknownKey, member.NameSpan, member.Name, what, NameSuggestions.For(member.Name, known));
            else members.Add(member.Name, member);
        }
    }

    /// <summary>Gets the members, each once.</summary>
    public IEnumerable<JsonMember> Members => value.Members.Where(member => members.TryGetValue(member.Name, out var kept) && ReferenceEquals(kept, member));

    /// <summary>Returns a member's value, or <see langword="null"/> when it is missing or wrong.</summary>
    /// <param name="key">The key.</param>
    /// <param name="kind">The kind that the value must have.</param>
    /// <param name="isRequired">Whether it must be there.</param>
    public JsonValue? Find(string key, JsonKind kind, bool isRequired = true)
    {
        if (!members.TryGetValue(key, out var member))
        {
            // The opening brace is enough to show which object it is.
            if (isRequired) source.Report(DescriptorRules.MissingKey, new TextRange(value.Span.Start, 1), key, what);
            return null;
        }

        return Expect(source, member.Value, kind, $"'{key}' of {what}");
    }

    /// <summary>Returns a member's value of any kind, or <see langword="null"/> when it is missing.</summary>
    /// <param name="key">The key.</param>
    public JsonValue? FindAny(string key) => members.TryGetValue(key, out var member) ? member.Value : null;

    /// <summary>Returns a value if it is of a kind; else reports it.</summary>
    /// <param name="source">Takes the error.</param>
    /// <param name="value">The value.</param>
    /// <param name="kind">The kind that it must have.</param>
    /// <param name="what">What the value is, for messages.</param>
    public static JsonValue? Expect(DescriptorSource source, JsonValue value, JsonKind kind, string what)
    {
        if (value.Kind == kind) return value;
        source.Report(DescriptorRules.WrongValue, value.Span, Capital(what), kind switch
        {
            JsonKind.Object => "an object",
            JsonKind.Array => "a list",
            JsonKind.String => "a text",
            JsonKind.Number => "a number",
            _ => "true or false",
        }, value.Description);
        return null;
    }

    /// <summary>Returns a number as a whole one in a range, or reports it.</summary>
    /// <param name="source">Takes the error.</param>
    /// <param name="value">The value.</param>
    /// <param name="least">The least that it may be.</param>
    /// <param name="what">What the value is, for messages.</param>
    public static int? Whole(DescriptorSource source, JsonValue value, int least, string what)
    {
        if (value.Kind == JsonKind.Number
            && int.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least)
        {
            return number;
        }

        source.Report(
            DescriptorRules.WrongValue, value.Span, Capital(what), $"a whole number from {least.ToString(CultureInfo.InvariantCulture)}", value.Description);
        return null;
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text.Substring(1);
}
