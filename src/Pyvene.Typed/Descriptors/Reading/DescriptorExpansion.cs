using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>
/// Writes out what a whole document says once for several components: the path of their layer, the same values by head, and that pyvene has them.
/// </summary>
/// <param name="source">Takes the errors.</param>
internal sealed class DescriptorExpansion(DescriptorSource source)
{
    /// <summary>Is the key that makes of a component the same by head.</summary>
    public const string ByHead = "byHead";

    private const string Prefix = "head_";

    /// <summary>Returns the name of the component by head, or <see langword="null"/> when a component has none.</summary>
    /// <param name="component">The component.</param>
    public static string? NameByHead(JsonValue component) =>
        component.Find(ByHead) is { Kind: JsonKind.String } && DescriptorDifferences.NameOf(component) is { } name
            ? name.Insert(name.IndexOf('.') + 1, Prefix)
            : null;

    /// <summary>Returns the document in which every component is written out.</summary>
    /// <param name="root">The document.</param>
    public JsonValue WriteOut(JsonValue root)
    {
        if (root.Find("components") is not { Kind: JsonKind.Array } components) return root;
        var rows = (root.Find("layers")?.Items ?? []).ToLookup(row => row.Find("stack")?.Text ?? "", row => row.Find("path"), StringComparer.Ordinal);
        var all = WithHeads(components.Items).Select(component => WithPath(component, rows)).ToList();
        foreach (var name in (root.Find("pyvene")?.Items ?? []).Where(item => item.Kind == JsonKind.String)) AddPyvene(all, name, root);
        return JsonValue.OfMembers(
            root.Span, root.Members.Select(member => member.Name == "components" ? member with { Value = JsonValue.OfItems(components.Span, all) } : member));
    }

    private static JsonValue WithPath(JsonValue component, ILookup<string, JsonValue?> rows)
    {
        if (component.Find("path") is not { Kind: JsonKind.String } path || !path.Text.StartsWith(".", StringComparison.Ordinal)) return component;
        var name = DescriptorDifferences.NameOf(component) ?? "";
        var stack = name.Substring(0, Math.Max(name.IndexOf('.'), 0));
        if (rows[stack].FirstOrDefault() is not { Kind: JsonKind.String } layer) return component;
        return With(component, "path", JsonValue.OfText(path.Text == "." ? layer.Text : layer.Text + path.Text, path.Span));
    }

    private IEnumerable<JsonValue> WithHeads(IReadOnlyList<JsonValue> components)
    {
        var derived = components.Select(NameByHead).OfType<string>().ToArray();
        foreach (var component in components)
        {
            // What a document says about one that is derived is laid over it, in its place.
            if (DescriptorDifferences.NameOf(component) is { } name && derived.Contains(name) && ReferenceEquals(component, Named(name))) continue;
            if (component.Find(ByHead) is not { } count)
            {
                yield return component;
                continue;
            }

            yield return JsonValue.OfMembers(component.Span, Said(component, isByHead: false));
            if (count.Kind == JsonKind.Null
                || ObjectReader.Expect(source, count, JsonKind.String, $"'{ByHead}' of a component") is null
                || NameByHead(component) is not { } named)
            {
                continue;
            }

            yield return JsonValue.OfMembers(component.Span, DescriptorDifferences.Overlaid([.. Heads(component, named, count)], Named(named)?.Members ?? []));
        }

        JsonValue? Named(string name) => components.FirstOrDefault(other => DescriptorDifferences.NameOf(other) == name);
    }

    private IEnumerable<JsonMember> Heads(JsonValue component, string name, JsonValue count)
    {
        var axes = component.Find("axes");
        if (axes is { Kind: JsonKind.Array } && !(axes.Items is [_, { Text: var along }, _] && Axes.IsPosition(along)))
        {
            source.Report(
                DescriptorRules.ImpossibleView,
                count.Span,
                name,
                "only values with the axes [batch, position, width] are split by head",
                $"drop the key '{ByHead}'");
        }

        var split = JsonValue.OfMembers(count.Span, [new JsonMember("heads", count.Span, count)]);
        string[] words = ["batch", count.Text == "kvHeads" ? "kvHead" : "head", axes?.Items.ElementAtOrDefault(1)?.Text ?? Axes.Position, WidthOf(count.Text)];
        return Said(component, isByHead: true)
            .Where(member => member.Name is not ("name" or "axes" or "view") && !(member is { Name: "pyvene", Value.Kind: JsonKind.String }))
            .Concat(
            [
                new JsonMember("name", count.Span, JsonValue.OfText(name, component.Find("name")!.Span)),
                new JsonMember("view", count.Span, JsonValue.OfItems(count.Span, [.. component.Find("view")?.Items ?? [], split])),
                new JsonMember("axes", count.Span, JsonValue.OfItems(count.Span, words.Select(word => JsonValue.OfText(word, count.Span)))),
            ]);
    }

    // The numbers of heads of several stacks, and so their widths, have names of their own: decoderHeads, dDecoderHead.
    private static string WidthOf(string count) =>
        count is "heads" or "kvHeads" || count.Length < 2 ? "dHead" : "d" + char.ToUpperInvariant(count[0]) + count.Substring(1, count.Length - 2);

    private static IEnumerable<JsonMember> Said(JsonValue component, bool isByHead) => component.Members.Where(member => member.Name != ByHead).Select(member =>
        member is { Name: "summary", Value.Kind: JsonKind.String }
            ? member with { Value = JsonValue.OfText(Choose(member.Value.Text, isByHead), member.Value.Span) }
            : member);

    // "The queries {of all heads side by side|by head}."
    private static string Choose(string text, bool isSecond)
    {
        var result = new StringBuilder();
        var done = 0;
        while (text.IndexOf('{', done) is var open and >= 0 && text.IndexOf('|', open) is var bar and >= 0 && text.IndexOf('}', bar) is var close and >= 0)
        {
            result.Append(text, done, open - done).Append(isSecond ? text.Substring(bar + 1, close - bar - 1) : text.Substring(open + 1, bar - open - 1));
            done = close + 1;
        }

        return result.Append(text, done, text.Length - done).ToString();
    }

    private void AddPyvene(List<JsonValue> all, JsonValue name, JsonValue root)
    {
        var byHead = name.Text.Insert(name.Text.IndexOf('.') + 1, Prefix);
        var found = false;
        for (var index = 0; index < all.Count; index++)
        {
            var current = DescriptorDifferences.NameOf(all[index]);
            found |= current == name.Text;
            if ((current == name.Text || current == byHead) && all[index].Find("pyvene") is null)
            {
                all[index] = With(all[index], "pyvene", new JsonValue(JsonKind.Boolean, name.Span, "true"));
            }
        }

        // What is taken over may name what the descriptor leaves out.
        if (!found && name.Span != root.Find("like")?.Span && !source.IsFull)
        {
            source.Report(DescriptorRules.UnknownComponent, name.Span, name.Text, root.Find("architecture")?.Text ?? "the descriptor", NameSuggestions.For(
                name.Text, all.Select(DescriptorDifferences.NameOf).OfType<string>()));
        }
    }

    private static JsonValue With(JsonValue value, string key, JsonValue member) =>
        JsonValue.OfMembers(value.Span, DescriptorDifferences.Overlaid(value.Members, [new JsonMember(key, member.Span, member)]));
}
