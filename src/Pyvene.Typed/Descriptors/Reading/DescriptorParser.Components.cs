using System.Linq;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed.Descriptors.Reading;

/// <content>Reads components.</content>
internal sealed partial class DescriptorParser
{
    private void ReadComponents(JsonValue? value)
    {
        foreach (var item in Limited(value?.Items, 2000, "components"))
        {
            if (ObjectReader.Expect(source, item, JsonKind.Object, "a component") is not null && ReadComponent(item) is { } component)
            {
                components.Add(component);
            }
        }
    }

    private ComponentSpec? ReadComponent(JsonValue value)
    {
        var reader = new ObjectReader(source, value, "a component", "name", "path", "side", "item", "argument", "view", "axes", "heads", "classes", "when",
            "onlyLayers", "exceptLayers", "pyvene", "summary", "input", "output", "byHead");
        var name = reader.Find("name", JsonKind.String);
        var path = reader.Find("path", JsonKind.String);
        var side = reader.Find("side", JsonKind.String);
        var item = reader.FindAny("item") is { } index ? ObjectReader.Whole(source, index, 0, "'item' of a component") : 0;
        var argument = reader.Find("argument", JsonKind.String, isRequired: false);
        var axes = reader.Find("axes", JsonKind.Array);
        var heads = reader.Find("heads", JsonKind.String, isRequired: false);
        var view = reader.Find("view", JsonKind.Array, isRequired: false);
        var summary = reader.Find("summary", JsonKind.String);
        var only = reader.Find("classes", JsonKind.Array, isRequired: false);
        if (side is not null && side.Text is not ("input" or "output"))
        {
            source.Report(DescriptorRules.WrongValue, side.Span, "'side' of a component", "'input' or 'output'", side.Description);
        }

        if (path is not null && !(path.Text.Length <= LongestPath && ModulePath.IsReadable(path.Text)))
        {
            source.Report(DescriptorRules.BadPath, path.Span, path.Text);
        }

        if (heads is not null) RequireSize(heads);
        if (argument is not null && side?.Text == "output")
        {
            source.Report(DescriptorRules.WrongValue, argument.Span, "'argument' of a component", "left out where 'side' is 'output'", argument.Description);
        }

        var label = name?.Text ?? "a component";
        var axisNames = ReadAxes(axes);
        var steps = ReadView(view, label);
        CheckHeads(label, view ?? axes ?? value, axisNames, steps, heads);
        var spec = new ComponentSpec(
            label,
            CSharpNames.Pascal(label.Substring(label.IndexOf('.') + 1)),
            path?.Text ?? "",
            side?.Text == "input",
            item ?? 0,
            argument?.Text,
            steps,
            axisNames,
            axisNames.LastOrDefault() is { } last && !Axes.IsWord(last) ? last : null,
            heads?.Text ?? steps.FirstOrDefault(step => step.Kind == ViewStepKind.Heads)?.Sizes[0],
            only is null ? rows.FirstOrDefault(row => row.Stack == Stack(label))?.Classes ?? ReadOnlyClasses(null) : ReadOnlyClasses(only),
            ReadConditions(reader.Find("when", JsonKind.Object, isRequired: false)),
            ReadField(reader.Find("onlyLayers", JsonKind.String, isRequired: false)),
            ReadField(reader.Find("exceptLayers", JsonKind.String, isRequired: false)),
            ReadPyvene(reader.FindAny("pyvene"), label),
            summary?.Text ?? "");
        if (name is null || path is null) return null;
        pathSpans.Add(path.Span);
        nameSpans.Add(name.Span);
        CheckPlace(spec, name);
        return spec;
    }

    private static string Stack(string name) => name.IndexOf('.') is > 0 and var dot ? name.Substring(0, dot) : "";

    private void CheckPlace(ComponentSpec component, JsonValue name)
    {
        if (!CSharpNames.IsComponentName(name.Text))
        {
            source.Report(
                DescriptorRules.BadName,
                name.Span,
                name.Text,
                "a component",
                "use snake case, with at most one stack before a dot, such as 'mlp_output' or 'encoder.mlp_output'");
            return;
        }

        var row = rows.FirstOrDefault(row => row.Stack == component.Stack);
        if (component.IsPerLayer && row is null)
        {
            source.Report(DescriptorRules.UnknownLayers, name.Span, name.Text, component.Stack.Length == 0 ? "the model" : $"the stack '{component.Stack}'");
            return;
        }

        if (component.IsPerSublayer && row?.Inner is null)
        {
            source.Report(
                DescriptorRules.UnknownLayers,
                name.Span,
                name.Text,
                $"a layer of {(component.Stack.Length == 0 ? "the model" : $"the stack '{component.Stack}'")}");
            return;
        }

        if (component.Stack.Length > 0) names.AddStack(component.Stack, name.Span);
        var scope = component.IsPerSublayer ? MemberNames.SublayerScope(component.Stack)
            : component.IsPerLayer ? MemberNames.LayerScope(component.Stack)
            : component.Stack;
        names.Add(scope, name.Text, component.Member, name.Span);
    }

    private EquatableArray<string> ReadAxes(JsonValue? value)
    {
        if (value is null) return EquatableArray<string>.Empty;
        if (value.Items.Count < 2) source.Report(
            DescriptorRules.WrongValue, value.Span, "'axes' of a component", "at least two axes, the first of which is 'batch'", $"{value.Items.Count} axes");
        var axes = Limited(value.Items, 16, "axes of a component");
        foreach (var axis in axes)
        {
            if (ObjectReader.Expect(source, axis, JsonKind.String, "an axis") is null) continue;
            if (ReferenceEquals(axis, value.Items[0]) && axis.Text != "batch") source.Report(
                DescriptorRules.UnknownAxis, axis.Span, axis.Text, architecture, "the first axis is always 'batch'");
            else if (!Axes.IsWord(axis.Text) && !IsSize(axis.Text) && !source.IsFull)
            {
                source.Report(DescriptorRules.UnknownAxis, axis.Span, axis.Text, architecture, NameSuggestions.For(
                    axis.Text, Axes.Words.Concat(sizes.Select(size => size.Name))));
            }
        }

        return axes.Select(axis => axis.Text).ToEquatableArray();
    }

    private bool IsSize(string expression) => IsExpression(expression) && SizeExpression.Names(expression).All(name => sizes.Any(size => size.Name == name));

    private EquatableArray<string> ReadOnlyClasses(JsonValue? value)
    {
        foreach (var item in value?.Items ?? [])
        {
            if (ObjectReader.Expect(source, item, JsonKind.String, "a class") is not null && classes.All(known => known.Name != item.Text))
            {
                source.Report(
                    DescriptorRules.UnknownClass, item.Span, item.Text, architecture, NameSuggestions.For(item.Text, classes.Select(known => known.Name)));
            }
        }

        return (value?.Items ?? []).Select(item => item.Text).ToEquatableArray();
    }

    private string? ReadPyvene(JsonValue? value, string name)
    {
        switch (value?.Kind)
        {
            case JsonKind.Boolean: return value.Text == "true" ? name : null;
            case JsonKind.String: return value.Text;
            case not null: source.Report(
                DescriptorRules.WrongValue, value.Span, "'pyvene' of a component", "true, false or pyvene's name", value.Description); break;
        }

        return null;
    }
}
