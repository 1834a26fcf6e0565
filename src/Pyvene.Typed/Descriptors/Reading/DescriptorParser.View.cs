using System.Collections.Generic;
using System.Linq;

namespace Pyvene.Typed.Descriptors.Reading;

/// <content>Reads views.</content>
internal sealed partial class DescriptorParser
{
    private static readonly string[] Steps = ["chunk", "split", "grouped", "heads", "tokens", "channelsFirst"];

    private EquatableArray<ViewStepSpec> ReadView(JsonValue? view, string component)
    {
        var steps = new List<ViewStepSpec>();
        foreach (var item in Limited(view?.Items, 16, "steps of a view"))
        {
            if (ObjectReader.Expect(source, item, JsonKind.Object, "a step of a view") is null) continue;
            var members = new ObjectReader(source, item, "a step of a view", Steps).Members.ToArray();
            if (item.Members.Count != 1) source.Report(
                DescriptorRules.WrongValue, item.Span, "A step of a view", "an object with one key", $"one with {item.Members.Count}");
            else if (members.Length == 1 && ReadStep(members[0], component) is { } step) steps.Add(step);
        }

        return steps.ToEquatableArray();
    }

    private ViewStepSpec? ReadStep(JsonMember step, string component) => step.Name switch
    {
        "chunk" => Arguments(step, 2, "[parts, index]") is [var parts, var index] ? Part(ViewStepKind.Chunk, [], Count(parts), index, component) : null,
        "split" => Arguments(step, 2, "[[sizes], index]") is [{ Kind: JsonKind.Array } widths, var index]
            ? Part(ViewStepKind.Split, Limited(widths.Items, 64, "parts of a split").Select(Size), widths.Items.Count, index, component)
            : null,
        "grouped" => Arguments(step, 3, "[groups, parts, index]") is [var groups, var parts, var index]
            ? Part(ViewStepKind.Grouped, [Size(groups)], Count(parts), index, component)
            : null,
        "heads" => new ViewStepSpec(ViewStepKind.Heads, Sizes(step)),
        "tokens" => new ViewStepSpec(ViewStepKind.Tokens, Sizes(step, "batch")),
        _ => new ViewStepSpec(ViewStepKind.ChannelsFirst, Sizes(step, "position")),
    };

    private IReadOnlyList<JsonValue> Arguments(JsonMember step, int count, string form)
    {
        var isForm = step.Value.Kind == JsonKind.Array
            && step.Value.Items.Count == count
            && (step.Name != "split" || step.Value.Items[0].Kind == JsonKind.Array);
        if (!isForm) source.Report(DescriptorRules.WrongValue, step.Value.Span, $"'{step.Name}'", form, step.Value.Description);
        return isForm ? step.Value.Items : [];
    }

    private int? Count(JsonValue value) => ObjectReader.Whole(source, value, 1, "the number of parts");

    private string Size(JsonValue value)
    {
        if (ObjectReader.Expect(source, value, JsonKind.String, "a size") is not null) RequireSize(value);
        return value.Text;
    }

    private EquatableArray<string> Sizes(JsonMember step, params string[] alsoKnown)
    {
        if (ObjectReader.Expect(source, step.Value, JsonKind.String, $"'{step.Name}'") is not null) RequireSize(step.Value, alsoKnown);
        return new[] { step.Value.Text }.ToEquatableArray();
    }

    private ViewStepSpec? Part(ViewStepKind kind, IEnumerable<string> widths, int? parts, JsonValue index, string component)
    {
        var sizesOfStep = widths.ToEquatableArray();
        if (parts is not { } count || ObjectReader.Whole(source, index, 0, "the index of a part") is not { } part) return null;
        if (part >= count)
        {
            source.Report(DescriptorRules.ImpossibleView, index.Span, component, $"part {part} of {count} does not exist", $"parts are 0 to {count - 1}");
        }

        return new ViewStepSpec(kind, sizesOfStep, kind == ViewStepKind.Split ? 0 : count, part);
    }

    private void CheckHeads(string component, JsonValue place, EquatableArray<string> axes, EquatableArray<ViewStepSpec> steps, JsonValue? heads)
    {
        if (axes.Count == 0) return;
        var step = steps.ToList().FindIndex(step => step.Kind == ViewStepKind.Heads);
        var hasAxis = axes.Any(Axes.IsHead);
        var isSplit = axes.Count == 4 && Axes.IsHead(axes[1]) && Axes.IsPosition(axes[2]);
        if (step >= 0 && !isSplit)
        {
            source.Report(
                DescriptorRules.ImpossibleView,
                place.Span,
                component,
                "'heads' gives [batch, head, position, width], but the axes are not these",
                "change the axes or drop the step");
        }
        else if (step >= 0 && step != steps.Count - 1)
        {
            source.Report(DescriptorRules.ImpossibleView, place.Span, component, "'heads' is not the last step", "move it behind the others");
        }
        else if (hasAxis && step < 0 && heads is null)
        {
            source.Report(
                DescriptorRules.ImpossibleView,
                place.Span,
                component,
                "nothing tells how many heads there are",
                "add the step 'heads', or the key 'heads' where the module has the axis by itself");
        }
        else if (!hasAxis && heads is not null)
        {
            source.Report(DescriptorRules.ImpossibleView, heads.Span, component, "there is no axis 'head'", "drop the key 'heads', or add the axis");
        }
    }
}
