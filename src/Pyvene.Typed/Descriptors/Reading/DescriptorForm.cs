using System;
using System.Collections.Generic;
using System.Linq;

namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>
/// Brings what a descriptor may say in short into the one form that is checked and read. What it does not understand it leaves as it is: the reader reports it
/// in its place.
/// </summary>
internal static class DescriptorForm
{
    /// <summary>Returns a document with a list of alternatives for every size, and a list of components of which each has its name, side and axes.</summary>
    /// <param name="root">The document as it is written.</param>
    public static JsonValue Plain(JsonValue root) => JsonValue.OfMembers(root.Span, root.Members.Select(member => member.Name switch
    {
        "sizes" => member with { Value = Sizes(member.Value) },
        "components" => member with { Value = Components(member.Value) },
        "summary" => member with { Value = Text(member.Value) },
        _ => member,
    }));

    // A long sentence may stand on several lines.
    private static JsonValue Text(JsonValue value) =>
        value.Kind == JsonKind.Array && value.Items.Count > 0 && value.Items.All(item => item.Kind == JsonKind.String)
            ? JsonValue.OfText(string.Join(" ", value.Items.Select(item => item.Text)), value.Span)
            : value;

    private static JsonValue Sizes(JsonValue value) => value.Kind != JsonKind.Object
        ? value
        : JsonValue.OfMembers(value.Span, value.Members.Select(size => size with { Value = Alternatives(size.Value) }));

    // A number as the last alternative is what counts where a configuration says nothing.
    private static JsonValue Alternatives(JsonValue value) => value.Kind switch
    {
        JsonKind.Array => JsonValue.OfItems(value.Span, value.Items.Select(Expression)),
        JsonKind.String or JsonKind.Number => JsonValue.OfItems(value.Span, [Expression(value)]),
        _ => value,
    };

    private static JsonValue Expression(JsonValue value) => value.Kind == JsonKind.Number ? JsonValue.OfText(value.Text, value.Span) : value;

    private static JsonValue Components(JsonValue value) => value.Kind switch
    {
        JsonKind.Object => JsonValue.OfItems(
            value.Span,
            value.Members.Select(member => Component(member.Value, [new JsonMember("name", member.NameSpan, JsonValue.OfText(member.Name, member.NameSpan))]))),
        JsonKind.Array => JsonValue.OfItems(value.Span, value.Items.Select(item => Component(item, []))),
        _ => value,
    };

    private static JsonValue Component(JsonValue value, IEnumerable<JsonMember> name) => value.Kind != JsonKind.Object
        ? value
        : JsonValue.OfMembers(value.Span, name.Concat(value.Members.SelectMany<JsonMember, JsonMember>(member => member.Name switch
        {
            "input" or "output" =>
            [
                member with { Name = "side", Value = JsonValue.OfText(member.Name, member.NameSpan) },
                member with { Name = "axes", Value = Axes(member.Value) },
            ],
            "axes" => [member with { Value = Axes(member.Value) }],
            "summary" => [member with { Value = Text(member.Value) }],
            _ => [member],
        })));

    private static JsonValue Axes(JsonValue value)
    {
        if (value.Kind != JsonKind.String) return value;
        var items = new List<JsonValue>();
        for (var start = 0; start < value.Text.Length;)
        {
            var end = value.Text.IndexOf(' ', start) is var space and >= 0 ? space : value.Text.Length;
            if (end > start) items.Add(JsonValue.OfText(value.Text.Substring(start, end - start), PartOf(value, start, end - start)));
            start = end + 1;
        }

        return JsonValue.OfItems(value.Span, items);
    }

    // With escapes in the text, or where it comes from another file, a part has no place of its own.
    private static TextRange PartOf(JsonValue value, int start, int length) =>
        value.Span.Length == value.Text.Length + 2 ? new TextRange(value.Span.Start + 1 + start, length) : value.Span;
}
