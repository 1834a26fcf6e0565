using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed.Descriptors.Reading;

/// <content>Reads sizes and checkpoints.</content>
internal sealed partial class DescriptorParser
{
    private void ReadSizes(JsonValue? value)
    {
        if (value is null) return;
        foreach (var member in Limited([.. new ObjectReader(source, value, "'sizes'").Members], 200, "sizes"))
        {
            if (!CSharpNames.IsCamel(member.Name) || Axes.IsWord(member.Name))
            {
                source.Report(DescriptorRules.BadName, member.NameSpan, member.Name, "a size", "use camel case and no word for an axis, such as 'dModel'");
            }

            if (ObjectReader.Expect(source, member.Value, JsonKind.Array, $"size '{member.Name}'") is null) continue;
            foreach (var item in member.Value.Items)
            {
                if (ObjectReader.Expect(source, item, JsonKind.String, $"an alternative of size '{member.Name}'") is not null
                    && !(item.Text.Length <= LongestExpression && SizeExpression.IsAlternative(item.Text)))
                {
                    source.Report(DescriptorRules.BadExpression, item.Span, item.Text);
                }
            }

            if (member.Value.Items.Count == 0)
            {
                source.Report(DescriptorRules.WrongValue, member.Value.Span, $"Size '{member.Name}'", "at least one expression", "empty");
            }

            sizes.Add(new SizeSpec(member.Name, member.Value.Items.Select(item => item.Text).ToEquatableArray()));
            sizeSpans.Add(member.NameSpan);
        }

        CheckCircles();
    }

    private void ReserveCheckpoints(JsonValue? value)
    {
        foreach (var member in Limited(value?.Members, 200, "checkpoints"))
        {
            if (CSharpNames.IsTypeName(member.Name)) names.Add("", member.Name, member.Name, member.NameSpan);
            else source.Report(DescriptorRules.BadName, member.NameSpan, member.Name, "a checkpoint", "use a C# name with a capital, such as 'Small'");
        }
    }

    private void ReadCheckpoints(JsonValue? value)
    {
        if (value is null) return;
        foreach (var member in new ObjectReader(source, value, "'checkpoints'").Members.Take(200))
        {
            var what = $"checkpoint '{member.Name}'";
            if (ObjectReader.Expect(source, member.Value, JsonKind.Object, what) is null) continue;
            var reader = new ObjectReader(source, member.Value, what, "hub", "sizes");
            var hub = reader.Find("hub", JsonKind.String);
            if (reader.Find("sizes", JsonKind.Object) is { } given)
            {
                checkpoints.Add(WithDerivedSizes(member, new CheckpointSpec(member.Name, hub?.Text ?? "", ReadKnownSizes(given, member.Name))));
            }
        }
    }

    private EquatableArray<KnownSize> ReadKnownSizes(JsonValue value, string checkpoint) =>
        new ObjectReader(source, value, $"the sizes of checkpoint '{checkpoint}'").Members.Select(member =>
        {
            if (sizes.All(size => size.Name != member.Name)) ReportUnknownSize(member.NameSpan, member.Name);
            return new KnownSize(member.Name, ObjectReader.Whole(source, member.Value, 1, $"size '{member.Name}' of checkpoint '{checkpoint}'") ?? 1);
        }).ToEquatableArray();

    private CheckpointSpec WithDerivedSizes(JsonMember member, CheckpointSpec checkpoint)
    {
        var known = new Dictionary<string, long?>(StringComparer.Ordinal);
        foreach (var given in checkpoint.Sizes) known[given.Name] = given.Value;
        checkpoint = checkpoint with
        {
            Sizes = checkpoint.Sizes.Concat(sizes.Where(size => checkpoint.Sizes.All(given => given.Name != size.Name))
                .Select(size => (size.Name, Value: Derived(size.Name, known)))
                .Where(size => size.Value is not null)
                .Select(size => new KnownSize(size.Name, size.Value!.Value))).ToEquatableArray(),
        };
        if (checkpoint.Sizes.FirstOrDefault(size => size.Value is < 1 or > int.MaxValue) is { } odd)
        {
            source.Report(
                DescriptorRules.BadCheckpoint,
                member.NameSpan,
                member.Name,
                $"makes the size '{odd.Name}' {odd.Value.ToString(CultureInfo.InvariantCulture)}",
                "sizes are from 1 to 2147483647");
            return checkpoint;
        }

        foreach (var row in rows.Where(row => IsSize(row.Count) && checkpoint.Evaluate(row.Count) is not (> 0 and <= int.MaxValue)))
        {
            source.Report(
                DescriptorRules.BadCheckpoint, member.NameSpan, member.Name, $"does not tell the number of layers '{row.Count}'", "add it to its sizes");
        }

        return checkpoint;
    }

    // A size may follow from one that is declared after it. One that needs itself is unknown, as it is in a program.
    private long? Derived(string name, Dictionary<string, long?> known)
    {
        if (known.TryGetValue(name, out var value)) return value;
        known[name] = null;
        var alternatives = sizes.Find(size => size.Name == name)?.Alternatives ?? EquatableArray<string>.Empty;
        return known[name] = alternatives.Where(IsExpression)
            .Select(alternative => SizeExpression.Evaluate(alternative, needed => Derived(needed, known)))
            .FirstOrDefault(found => found is not null);
    }

    private void RequireSize(JsonValue value, params string[] alsoKnown)
    {
        if (!IsExpression(value.Text))
        {
            source.Report(DescriptorRules.BadExpression, value.Span, value.Text);
            return;
        }

        foreach (var name in SizeExpression.Names(value.Text).Where(name => !alsoKnown.Contains(name) && sizes.All(size => size.Name != name)))
        {
            ReportUnknownSize(value.Span, name);
        }
    }

    private static bool IsExpression(string text) => text.Length <= LongestExpression && SizeExpression.IsReadable(text);

    private void ReportUnknownSize(TextRange span, string name)
    {
        if (!source.IsFull) source.Report(DescriptorRules.UnknownSize, span, name, architecture, NameSuggestions.For(name, sizes.Select(size => size.Name)));
    }
}
