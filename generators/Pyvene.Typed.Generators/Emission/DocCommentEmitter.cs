using System.Linq;
using Pyvene.Typed.Generators.Parsing;
using Pyvene.Typed.Generators.Specs;

namespace Pyvene.Typed.Generators.Emission;

/// <summary>Writes documentation: what an editor shows at a component is all there is to know about it.</summary>
internal static class DocCommentEmitter
{
    /// <summary>Writes the documentation of a component.</summary>
    /// <param name="writer">Takes the text.</param>
    /// <param name="component">The component.</param>
    /// <param name="checkpoint">The checkpoint whose numbers are shown, or <see langword="null"/>.</param>
    public static void WriteComponent(SourceWriter writer, ComponentSpec component, CheckpointSpec? checkpoint)
    {
        writer.Line("/// <summary>");
        writer.Line($"/// {Escape(component.Summary)}");
        writer.Line($"/// <para>Shape: <c>{Shape(component, checkpoint)}</c>.</para>");
        writer.Line($"/// <para>Module: {Side(component)} {Module(component)}{Scope(component)}. {Pyvene(component)}</para>");
        if (Gate(component) is { Length: > 0 } gate) writer.Line($"/// <para>Exists only {gate}.</para>");
        writer.Line("/// </summary>");
    }

    /// <summary>Writes a summary of one line.</summary>
    /// <param name="writer">Takes the text.</param>
    /// <param name="text">The text, as XML.</param>
    public static void WriteSummary(SourceWriter writer, string text) => writer.Line($"/// <summary>{text}</summary>");

    /// <summary>Returns a text without what XML reads as its own, on one line.</summary>
    /// <param name="text">The text.</param>
    public static string Escape(string text) =>
        string.Concat(text.Select(character => character switch
        {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            _ => char.IsControl(character) || character is '\u2028' or '\u2029' or '\u0085' or '\ufffe' or '\uffff' ? " " : character.ToString(),
        }));

    private static string Shape(ComponentSpec component, CheckpointSpec? checkpoint) =>
        $"[{string.Join(", ", component.Axes.Select(axis => Axis(axis, component, checkpoint)))}]";

    private static string Axis(string axis, ComponentSpec component, CheckpointSpec? checkpoint)
    {
        var size = Axes.IsHead(axis) ? component.Heads : Axes.IsWord(axis) ? null : axis;
        return size is not null && checkpoint?.Evaluate(size) is { } number ? $"{Escape(axis)}: {Literals.Of(number)}" : Escape(axis);
    }

    private static string Module(ComponentSpec component) =>
        component.Path == ModulePath.Root ? "the model itself" : $"<c>{Escape(component.Path.TrimStart('/'))}</c>";

    private static string Gate(ComponentSpec component) => string.Join(" and ", component.Conditions
        .Select(condition => $"where <c>{Escape(condition.Field)}</c> is {string.Join(" or ", condition.Values.Select(value => $"<c>{Escape(value)}</c>"))}")
        .Concat(component.OnlyLayers is { } only ? [$"in the layers that <c>{Escape(only)}</c> lists"] : System.Array.Empty<string>())
        .Concat(component.ExceptLayers is { } except ? [$"in the layers that <c>{Escape(except)}</c> does not list"] : System.Array.Empty<string>()));

    private static string Side(ComponentSpec component) => (component.IsInput, component.Item) switch
    {
        (true, _) when component.Argument is { } name => $"argument <c>{Escape(name)}</c> of",
        (true, 0) => "input of",
        (true, var item) => $"argument {Literals.Of(item)} of",
        (false, 0) => "output of",
        (false, var item) => $"element {Literals.Of(item)} of the output of",
    };

    private static string Scope(ComponentSpec component) =>
        component.Classes.Count == 0 ? "" : $" of {string.Join(", ", component.Classes.Select(name => $"<c>{Escape(name)}</c>"))}";

    private static string Pyvene(ComponentSpec component) => component.Pyvene is { } name ? $"In pyvene: <c>{Escape(name)}</c>." : "Not in pyvene.";
}
