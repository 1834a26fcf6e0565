using System.Collections.Generic;
using System.Linq;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed.Descriptors.Reading;

/// <content>Reads when components exist, and what holds between them.</content>
internal sealed partial class DescriptorParser
{
    private EquatableArray<ConditionSpec> ReadConditions(JsonValue? value)
    {
        if (value is null) return EquatableArray<ConditionSpec>.Empty;
        var conditions = new List<ConditionSpec>();
        foreach (var member in new ObjectReader(source, value, "'when' of a component").Members)
        {
            RequireField(member.Name, member.NameSpan);
            var values = member.Value.Kind == JsonKind.Array ? member.Value.Items : [member.Value];
            foreach (var item in values.Where(item => item.Kind is JsonKind.Object or JsonKind.Array))
            {
                source.Report(DescriptorRules.WrongValue, item.Span, $"A value of '{member.Name}'", "a text, a number, true, false or null", item.Description);
            }

            conditions.Add(new ConditionSpec(member.Name, values.Select(item => item.Kind == JsonKind.Null ? "null" : item.Text).ToEquatableArray()));
        }

        return conditions.ToEquatableArray();
    }

    private string? ReadField(JsonValue? value)
    {
        if (value is not null) RequireField(value.Text, value.Span);
        return value?.Text;
    }

    // A field is named as in a size, where one may be reckoned with; here it stands alone.
    private void RequireField(string name, TextRange span)
    {
        if (!IsExpression(name) || SizeExpression.Names(name).SingleOrDefault() != name) source.Report(
            DescriptorRules.BadName,
            span,
            name,
            "a field of a configuration",
            "use its name, with dots where configurations lie in one another, such as 'text_config.hidden_act'");
    }

    private void ReadResiduals(JsonValue? value)
    {
        if (value is null) return;
        foreach (var member in new ObjectReader(source, value, "'residual'").Members)
        {
            if (FindComponent(member.Name, member.NameSpan) is not { } sum
                || ObjectReader.Expect(source, member.Value, JsonKind.Array, $"the terms of '{member.Name}'") is null)
            {
                continue;
            }

            if (member.Value.Items.Count == 0)
            {
                source.Report(DescriptorRules.WrongValue, member.Value.Span, $"The terms of '{member.Name}'", "at least one component", "empty");
            }

            foreach (var item in member.Value.Items)
            {
                if (ObjectReader.Expect(source, item, JsonKind.String, $"a term of '{member.Name}'") is null
                    || FindComponent(item.Text, item.Span) is not { } term)
                {
                    continue;
                }

                if (IsMadeOf(item.Text, member.Name))
                {
                    source.Report(DescriptorRules.ImpossibleSum, item.Span, item.Text, member.Name, item.Text == member.Name
                        ? "name what adds up to it"
                        : $"'{item.Text}' is made of '{member.Name}' itself");
                }
                else if (term.IsPerLayer != sum.IsPerLayer || term.Stack != sum.Stack || !term.Axes.Equals(sum.Axes))
                {
                    source.Report(
                        DescriptorRules.ImpossibleSum,
                        item.Span,
                        item.Text,
                        member.Name,
                        $"add up components of the same layers and the axes {string.Join(", ", sum.Axes)}");
                }
            }

            residuals.Add(new ResidualSpec(member.Name, member.Value.Items.Select(item => item.Text).ToEquatableArray()));
        }
    }

    // Whether a component is another one, or a sum of it, as far as the sums are read.
    private bool IsMadeOf(string name, string part)
    {
        var waiting = new Stack<string>([name]);
        var seen = new HashSet<string>();
        while (waiting.Count > 0)
        {
            var current = waiting.Pop();
            if (current == part) return true;
            if (!seen.Add(current)) continue;
            foreach (var term in residuals.Find(residual => residual.Sum == current)?.Terms ?? EquatableArray<string>.Empty) waiting.Push(term);
        }

        return false;
    }

    private ComponentSpec? FindComponent(string name, TextRange span)
    {
        var component = components.Find(component => component.Name == name);
        if (component is null && !source.IsFull)
        {
            source.Report(DescriptorRules.UnknownComponent, span, name, architecture, NameSuggestions.For(name, components.Select(known => known.Name)));
        }

        return component;
    }
}
