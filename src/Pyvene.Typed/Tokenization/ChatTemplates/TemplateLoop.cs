using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>What a template sees as <c>loop</c>.</summary>
internal sealed class TemplateLoop(IReadOnlyList<object?> items, int depth, TemplateBudget budget)
{
    private object? lastChanged = new UndefinedValue("changed");

    public int Index { get; set; }

    public int Depth { get; } = depth;

    public object? Member(string name) => name switch
    {
        "index" => Index + 1L,
        "index0" => (long)Index,
        "revindex" => (long)(items.Count - Index),
        "revindex0" => items.Count - Index - 1L,
        "first" => Index == 0,
        "last" => Index == items.Count - 1,
        "length" => (long)items.Count,
        "depth" => Depth + 1L,
        "depth0" => (long)Depth,
        "previtem" => Index > 0 ? items[Index - 1] : new UndefinedValue("loop.previtem"),
        "nextitem" => Index + 1 < items.Count ? items[Index + 1] : new UndefinedValue("loop.nextitem"),
        "cycle" => (TemplateFunction)(call => call.Positional.Count > 0
            ? call.Positional[Index % call.Positional.Count]
            : throw new ChatTemplateException("The chat template calls 'loop.cycle' without anything to go through.")),
        "changed" => (TemplateFunction)HasChanged,
        _ => new UndefinedValue("loop." + name),
    };

    private object? HasChanged(TemplateCall call)
    {
        var value = new TemplateList(call.Positional, isTuple: true);
        var changed = !PythonValue.Equals(lastChanged, value, budget);
        lastChanged = value;
        return changed;
    }
}
