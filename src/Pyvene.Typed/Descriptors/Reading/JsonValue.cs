using System.Collections.Generic;
using System.Linq;

namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Is a JSON value with its place in the text.</summary>
/// <param name="kind">The kind.</param>
/// <param name="span">The characters.</param>
/// <param name="text">The text of a string, number or truth value.</param>
internal sealed class JsonValue(JsonKind kind, TextRange span, string text = "")
{
    /// <summary>Gets the kind.</summary>
    public JsonKind Kind => kind;

    /// <summary>Gets the characters.</summary>
    public TextRange Span => span;

    /// <summary>Gets the text of a string without its quotes and escapes, or of a number or truth value as it stands.</summary>
    public string Text => text;

    /// <summary>Gets the elements of an array.</summary>
    public IReadOnlyList<JsonValue> Items { get; init; } = [];

    /// <summary>Gets the members of an object, repeated ones included.</summary>
    public IReadOnlyList<JsonMember> Members { get; init; } = [];

    /// <summary>Returns a text at a place of the descriptor.</summary>
    /// <param name="text">The text.</param>
    /// <param name="span">The place.</param>
    public static JsonValue OfText(string text, TextRange span) => new(JsonKind.String, span, text);

    /// <summary>Returns a list at a place of the descriptor.</summary>
    /// <param name="span">The place.</param>
    /// <param name="items">The elements.</param>
    public static JsonValue OfItems(TextRange span, IEnumerable<JsonValue> items) => new(JsonKind.Array, span) { Items = [.. items] };

    /// <summary>Returns an object at a place of the descriptor.</summary>
    /// <param name="span">The place.</param>
    /// <param name="members">The members.</param>
    public static JsonValue OfMembers(TextRange span, IEnumerable<JsonMember> members) => new(JsonKind.Object, span) { Members = [.. members] };

    /// <summary>Returns the value of a member, or <see langword="null"/> when there is none.</summary>
    /// <param name="name">The member's name.</param>
    public JsonValue? Find(string name) => Members.FirstOrDefault(member => member.Name == name)?.Value;

    /// <summary>Returns the same value with one place for all of it: what comes from another file is shown where that is named.</summary>
    /// <param name="place">The place.</param>
    public JsonValue At(TextRange place) => new(kind, place, text)
    {
        Items = [.. Items.Select(item => item.At(place))],
        Members = [.. Members.Select(member => new JsonMember(member.Name, place, member.Value.At(place)))],
    };

    /// <summary>Gets the kind in words, for messages.</summary>
    public string Description => kind switch
    {
        JsonKind.Object => "an object",
        JsonKind.Array => "a list",
        JsonKind.String => $"the text '{text}'",
        JsonKind.Number => $"the number {text}",
        JsonKind.Boolean => text,
        _ => "null",
    };
}

/// <summary>Is a member of a JSON object.</summary>
/// <param name="Name">The name, without quotes and escapes.</param>
/// <param name="NameSpan">The characters of the name.</param>
/// <param name="Value">The value.</param>
internal sealed record JsonMember(string Name, TextRange NameSpan, JsonValue Value);
