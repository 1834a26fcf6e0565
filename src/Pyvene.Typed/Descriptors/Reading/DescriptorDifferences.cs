using System;
using System.Collections.Generic;
using System.Linq;

namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Lays what a descriptor says over what it is like.</summary>
internal static class DescriptorDifferences
{
    // A key, a class and checkpoints are an architecture's own.
    private static readonly string[] Inherited = ["family", "sizes", "layers", "components", "residual", "pyvene"];

    /// <summary>Returns the whole document. What is taken over has the place of <c>like</c>.</summary>
    /// <param name="source">Takes the errors.</param>
    /// <param name="own">What the descriptor says, in the plain form.</param>
    /// <param name="like">The document of what it is like, in the plain form; <see langword="null"/> = nothing.</param>
    public static JsonValue Over(DescriptorSource source, JsonValue own, JsonValue? like)
    {
        var place = own.Find("like")?.Span ?? default;
        var basis = (like?.Members
            ?? []).Where(member => Inherited.Contains(member.Name)).Select(member => new JsonMember(member.Name, place, member.Value.At(place))).ToList();
        RemoveFrom(basis, source, own);
        return JsonValue.OfMembers(own.Span, own.Members
            .Where(member => member is not { Name: "residual", Value.Kind: JsonKind.Null }) // no sum holds
            .Select(member =>
                basis.Find(other => other.Name == member.Name) is { } other ? member with { Value = Merged(member.Name, other.Value, member.Value) } : member)
            .Concat(basis.Where(member => own.Find(member.Name) is null)));
    }

    private static JsonValue Merged(string key, JsonValue basis, JsonValue own) => key switch
    {
        "sizes" or "residual" when own.Kind == JsonKind.Object => JsonValue.OfMembers(own.Span, Members(basis, own)),
        "components" when own.Kind == JsonKind.Array => JsonValue.OfItems(own.Span, Components(basis.Items, own.Items)),
        _ => own,
    };

    // What stands twice in the descriptor stays twice, so that the reader finds it.
    private static IEnumerable<JsonMember> Members(JsonValue basis, JsonValue own)
    {
        var all = basis.Members.ToList();
        foreach (var member in own.Members)
        {
            var at = all.FindIndex(0, basis.Members.Count, other => other.Name == member.Name && basis.Members.Contains(other));
            if (at >= 0) all[at] = member;
            else all.Add(member);
        }

        return all;
    }

    // One that the base has keeps its place in the order; a new one stands behind the one that is written before it, or at the end.
    private static IEnumerable<JsonValue> Components(IReadOnlyList<JsonValue> basis, IReadOnlyList<JsonValue> own)
    {
        var all = basis.ToList();
        var behind = all.Count;
        foreach (var component in own)
        {
            var at = NameOf(component) is { } name ? all.FindIndex(other => NameOf(other) == name && basis.Contains(other)) : -1;
            if (at >= 0)
            {
                all[at] = JsonValue.OfMembers(component.Span, Overlaid(all[at].Members, component.Members));
                behind = at + 1;
            }
            else
            {
                all.Insert(behind++, component);
            }
        }

        return all;
    }

    /// <summary>Returns the members of an object with those of another in their stead.</summary>
    /// <param name="basis">The members that stay where the other has none of their name.</param>
    /// <param name="own">The members that count.</param>
    public static IEnumerable<JsonMember> Overlaid(IReadOnlyList<JsonMember> basis, IReadOnlyList<JsonMember> own) =>
        basis.Where(member => own.All(other => other.Name != member.Name)).Concat(own);

    /// <summary>Returns the name of a component, or <see langword="null"/>.</summary>
    /// <param name="component">The component.</param>
    public static string? NameOf(JsonValue component) => component.Find("name") is { Kind: JsonKind.String } name ? name.Text : null;

    private static void RemoveFrom(List<JsonMember> basis, DescriptorSource source, JsonValue own)
    {
        var at = basis.FindIndex(member => member.Name == "components");
        var components = at < 0 ? [] : basis[at].Value.Items.ToList();
        foreach (var item in (own.Find("without")?.Items ?? []).Where(item => item.Kind == JsonKind.String))
        {
            var whole = components.FindIndex(component => NameOf(component) == item.Text);
            var byHead = components.FindIndex(component => DescriptorExpansion.NameByHead(component) == item.Text);
            if (whole >= 0) components.RemoveAt(whole);
            else if (byHead >= 0) components[byHead] = WithoutHeads(components[byHead], item.Span);
            else if (!source.IsFull) source.Report(
                DescriptorRules.UnknownComponent,
                item.Span,
                item.Text,
                (own.Find("like") ?? own.Find("architecture"))?.Text ?? "the descriptor",
                NameSuggestions.For(item.Text, components.Select(NameOf).OfType<string>()));
        }

        if (at >= 0) basis[at] = basis[at] with { Value = JsonValue.OfItems(basis[at].Value.Span, components) };
    }

    private static JsonValue WithoutHeads(JsonValue component, TextRange place) =>
        JsonValue.OfMembers(component.Span, component.Members.Select(member =>
            member.Name == DescriptorExpansion.ByHead ? member with { Value = new JsonValue(JsonKind.Null, place) } : member));
}
