using System.Linq;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Generators.Diagnostics;
using Pyvene.Typed.Generators.Specs;

namespace Pyvene.Typed.Generators.Parsing;

/// <content>Reads sizes and checkpoints.</content>
internal sealed partial class DescriptorParser
{
    private void ReadSizes(JsonValue? value)
    {
        if (value is null) return;
        foreach (var member in new ObjectReader(source, value, "'sizes'").Members)
        {
            if (!CSharpNames.IsCamel(member.Name) || Axes.IsWord(member.Name))
            {
                source.Report(DiagnosticIds.BadName, member.NameSpan, member.Name, "a size", "use camel case and no word for an axis, such as 'dModel'");
            }

            if (ObjectReader.Expect(source, member.Value, JsonKind.Array, $"size '{member.Name}'") is null) continue;
            foreach (var item in member.Value.Items)
            {
                if (ObjectReader.Expect(source, item, JsonKind.String, $"an alternative of size '{member.Name}'") is not null && !SizeExpression.IsReadable(item.Text))
                {
                    source.Report(DiagnosticIds.BadExpression, item.Span, item.Text);
                }
            }

            sizes.Add(new SizeSpec(member.Name, member.Value.Items.Select(item => item.Text).ToEquatableArray()));
        }
    }

    private void ReserveCheckpoints(JsonValue? value)
    {
        foreach (var member in value?.Members ?? [])
        {
            if (CSharpNames.IsTypeName(member.Name)) names.Add("", member.Name, member.Name, member.NameSpan);
            else source.Report(DiagnosticIds.BadName, member.NameSpan, member.Name, "a checkpoint", "use a C# name with a capital, such as 'Small'");
        }
    }

    private void ReadCheckpoints(JsonValue? value)
    {
        if (value is null) return;
        foreach (var member in new ObjectReader(source, value, "'checkpoints'").Members)
        {
            var what = $"checkpoint '{member.Name}'";
            if (ObjectReader.Expect(source, member.Value, JsonKind.Object, what) is null) continue;
            var reader = new ObjectReader(source, member.Value, what, "hub", "sizes");
            var hub = reader.Find("hub", JsonKind.String);
            if (reader.Find("sizes", JsonKind.Object) is { } given) checkpoints.Add(WithDerivedSizes(member, new CheckpointSpec(member.Name, hub?.Text ?? "", ReadKnownSizes(given, member.Name))));
        }
    }

    private EquatableArray<KnownSize> ReadKnownSizes(JsonValue value, string checkpoint) =>
        new ObjectReader(source, value, $"the sizes of checkpoint '{checkpoint}'").Members.Select(member =>
        {
            if (sizes.All(size => size.Name != member.Name)) ReportUnknownSize(member.NameSpan, member.Name);
            return new KnownSize(member.Name, ObjectReader.Whole(source, member.Value, 1, $"size '{member.Name}' of checkpoint '{checkpoint}'") ?? 1);
        }).ToEquatableArray();

    // A size may follow from one that is declared after it; each pass finds at least one more or is the last.
    private CheckpointSpec WithDerivedSizes(JsonMember member, CheckpointSpec checkpoint)
    {
        for (var before = -1; before != checkpoint.Sizes.Count;)
        {
            before = checkpoint.Sizes.Count;
            foreach (var size in sizes.Where(size => checkpoint.Sizes.All(known => known.Name != size.Name)))
            {
                if (size.Alternatives.Select(checkpoint.Evaluate).FirstOrDefault(value => value is not null) is { } value)
                {
                    checkpoint = checkpoint with { Sizes = checkpoint.Sizes.Append(new KnownSize(size.Name, value)).ToEquatableArray() };
                }
            }
        }

        foreach (var row in rows.Where(row => IsSize(row.Count) && checkpoint.Evaluate(row.Count) is not (> 0 and <= int.MaxValue)))
        {
            source.Report(DiagnosticIds.BadCheckpoint, member.NameSpan, member.Name, $"does not tell the number of layers '{row.Count}'", "add it to its sizes");
        }

        return checkpoint;
    }

    private void RequireSize(JsonValue value, params string[] alsoKnown)
    {
        if (!SizeExpression.IsReadable(value.Text))
        {
            source.Report(DiagnosticIds.BadExpression, value.Span, value.Text);
            return;
        }

        foreach (var name in SizeExpression.Names(value.Text).Where(name => !alsoKnown.Contains(name) && sizes.All(size => size.Name != name)))
        {
            ReportUnknownSize(value.Span, name);
        }
    }

    private void ReportUnknownSize(Microsoft.CodeAnalysis.Text.TextSpan span, string name) =>
        source.Report(DiagnosticIds.UnknownSize, span, name, architecture, NameSuggestions.For(name, sizes.Select(size => size.Name)));
}
