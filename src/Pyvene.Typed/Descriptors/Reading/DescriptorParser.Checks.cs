using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed.Descriptors.Reading;

/// <content>Checks what only the whole tells: amounts, sizes in a circle, places with two names.</content>
internal sealed partial class DescriptorParser
{
    private const int LongestExpression = 256;
    private const int LongestPath = 1024;

    // Every checkpoint writes every component.
    private const int MostMembers = 20_000;

    private readonly List<TextRange> sizeSpans = [];
    private readonly List<TextRange> nameSpans = [];

    private IEnumerable<JsonValue> Limited(IReadOnlyList<JsonValue>? items, int most, string what) => Limited(items, most, what, item => item.Span);

    private IEnumerable<JsonMember> Limited(IReadOnlyList<JsonMember>? members, int most, string what) =>
        Limited(members, most, what, member => member.NameSpan);

    private IEnumerable<T> Limited<T>(IReadOnlyList<T>? all, int most, string what, Func<T, TextRange> span)
    {
        if (all is null) return [];
        if (all.Count <= most) return all;
        source.Report(
            DescriptorRules.TooLarge,
            span(all[most]),
            $"{all.Count.ToString(CultureInfo.InvariantCulture)} {what}",
            $"at most {most.ToString(CultureInfo.InvariantCulture)} are read, so leave some out");
        return all.Take(most);
    }

    private void CheckAmounts(JsonValue value)
    {
        var members = components.Count * (checkpoints.Count + 1L);
        if (members > MostMembers)
        {
            source.Report(
                DescriptorRules.TooLarge,
                new TextRange(value.Span.Start, 1),
                $"{members.ToString(CultureInfo.InvariantCulture)} components over all checkpoints",
                $"at most {MostMembers.ToString(CultureInfo.InvariantCulture)} are written, so leave some out");
        }
    }

    // An alternative may lead back to the size, as long as another does not: then the configuration has the field that it names.
    private void CheckCircles()
    {
        var alternatives = sizes.GroupBy(size => size.Name).ToDictionary(group => group.Key, group => group.First().Alternatives, StringComparer.Ordinal);
        var told = new HashSet<string>(StringComparer.Ordinal);
        for (var before = -1; before != told.Count;)
        {
            before = told.Count;
            foreach (var size in sizes.Where(size => !told.Contains(size.Name)
                && size.Alternatives.Any(alternative => Needed(alternative).All(name => told.Contains(name))))) told.Add(size.Name);
        }

        var seen = new HashSet<string>(told, StringComparer.Ordinal);
        foreach (var size in sizes.Where(size => size.Alternatives.Count > 0))
        {
            var walked = new List<string>();
            var current = size.Name;
            while (current is not null && seen.Add(current))
            {
                walked.Add(current);
                current = alternatives[current].SelectMany(Needed).FirstOrDefault(name => !told.Contains(name));
            }

            if (current is null || walked.IndexOf(current) is not (>= 0 and var start)) continue;
            var circle = walked.Skip(start).ToArray();
            var first = sizes.FindIndex(known => circle.Contains(known.Name));
            var at = Array.IndexOf(circle, sizes[first].Name);
            source.Report(DescriptorRules.CircularSize, sizeSpans[first], sizes[first].Name, string.Join(
                " from ", circle.Skip(at).Concat(circle.Take(at + 1)).Select(name => $"'{name}'")));
        }

        IEnumerable<string> Needed(string alternative) => IsExpression(alternative) ? SizeExpression.Names(alternative).Where(alternatives.ContainsKey) : [];
    }

    private void CheckPlaces()
    {
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var served in classes)
        {
            places.Clear();
            foreach (var (component, span) in components.Zip(nameSpans, (component, span) => (component, span)))
            {
                if (component.Classes.Count > 0 && !component.Classes.Contains(served.Name)) continue;
                var place = PlaceIn(served, component);
                if (!places.TryGetValue(place, out var other)) places.Add(place, component.Name);
                else if (other != component.Name && !source.IsFull) source.Report(DescriptorRules.SamePlace, span, component.Name, other, served.Name);
            }

            if (source.Diagnostics.Count > 0) return; // Once is enough: most classes have the same components.
        }
    }

    private static string PlaceIn(ClassSpec served, ComponentSpec component) => string.Join(
        "\n",
        new[]
        {
            component.Path.StartsWith("/", StringComparison.Ordinal) ? component.Path.Substring(1) : served.Prefix + component.Path,
            component.IsInput ? "in" : "out",
            component.Item.ToString(CultureInfo.InvariantCulture),
            component.Argument ?? "",
            component.OnlyLayers ?? "",
            component.ExceptLayers ?? "",
        }
        .Concat(component.View.Select(step => $"{step.Kind} {step.Parts} {step.Index} {string.Join(" ", step.Sizes)}"))
        .Concat(component.Conditions.Select(condition => $"{condition.Field}={string.Join("|", condition.Values)}")));
}
