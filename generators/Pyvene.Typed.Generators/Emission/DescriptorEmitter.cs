using System.Linq;
using Pyvene.Typed.Generators.Specs;

namespace Pyvene.Typed.Generators.Emission;

/// <summary>
/// Writes the description of an architecture as C#, so that nothing is parsed when a program runs, and makes it known when the assembly is loaded.
/// </summary>
internal static class DescriptorEmitter
{
    private const string Library = "global::Pyvene.Typed.Descriptors.";
    private const string Collections = "global::System.Collections.Generic.";

    /// <summary>Writes the description.</summary>
    /// <param name="writer">Takes the text.</param>
    /// <param name="model">The model.</param>
    public static void Write(SourceWriter writer, ModelSpec model)
    {
        using (writer.Block($"public sealed partial class {model.Type}"))
        {
            DocCommentEmitter.WriteSummary(writer, "Gets the architecture's description; it is made when it is first asked for.");
            using var descriptor = writer.Block($"public static {Library}ArchitectureDescriptor Descriptor {{ get; }} = new()", ";");
            writer.Line($"Key = {Literals.Of(model.Architecture)},");
            writer.Line($"Summary = {Literals.Of(model.Summary)},");
            WriteDictionary(writer, "Classes", "string", model.Classes.Select(item => (item.Name, Literals.Of(item.Prefix))));
            WriteDictionary(writer, "Sizes", $"{Collections}IReadOnlyList<string>", model.Sizes.Select(size => (size.Name, Literals.Of(size.Alternatives))));
            if (model.Rows.FirstOrDefault(row => row.Stack.Length == 0) is { } row) writer.Line($"LayerCount = {Literals.Of(row.Count)},");
            WriteComponents(writer, model);
            if (model.Residuals.Count > 0) WriteDictionary(
                writer, "Residuals", $"{Collections}IReadOnlyList<string>", model.Residuals.Select(residual => (residual.Sum, Literals.Of(residual.Terms))));
            WriteCheckpoints(writer, model);
        }

        writer.Line();
        using (writer.Block($"file static class {model.Type}Registration"))
        {
            writer.Line("[global::System.Runtime.CompilerServices.ModuleInitializer]");
            writer.Line(
                $"internal static void Register() => {Library}ArchitectureDescriptor.Register({Literals.Of(model.Architecture)}, static () => "
                    + $"{model.Type}.Descriptor);");
        }
    }

    private static void WriteComponents(SourceWriter writer, ModelSpec model)
    {
        using var list = writer.Block($"Components = new {Library}ComponentDescriptor[]", ",");
        foreach (var component in model.Components)
        {
            using var block = writer.Block("new()", ",");
            writer.Line($"Name = {Literals.Of(component.Name)},");
            writer.Line($"Path = {Literals.Of(component.Path)},");
            writer.Line($"Side = {Library}HookSide.{(component.IsInput ? "Input" : "Output")},");
            if (component.Item > 0) writer.Line($"Item = {Literals.Of(component.Item)},");
            if (component.Argument is not null) writer.Line($"Argument = {Literals.Of(component.Argument)},");
            if (component.View.Count > 0) writer.Line($"View = [{string.Join(", ", component.View.Select(Step))}],");
            writer.Line($"Axes = {Literals.Of(component.Axes)},");
            if (component.Width is not null) writer.Line($"Width = {Literals.Of(component.Width)},");
            if (component.Heads is not null) writer.Line($"Heads = {Literals.Of(component.Heads)},");
            if (component.IsPerLayer) writer.Line($"LayerCount = {Literals.Of(model.Rows.First(row => row.Stack == component.Stack).Count)},");
            if (component.IsPerSublayer) writer.Line($"SublayerCount = {Literals.Of(model.Rows.First(row => row.Stack == component.Stack).Inner!.Count)},");
            if (component.Classes.Count > 0) writer.Line($"Classes = {Literals.Of(component.Classes)},");
            if (component.Conditions.Count > 0)
            {
                var conditions = component.Conditions.Select(condition => $"new({Literals.Of(condition.Field)}, {Literals.Of(condition.Values)})");
                writer.Line($"Conditions = [{string.Join(", ", conditions)}],");
            }

            if (component.OnlyLayers is not null) writer.Line($"OnlyLayers = {Literals.Of(component.OnlyLayers)},");
            if (component.ExceptLayers is not null) writer.Line($"ExceptLayers = {Literals.Of(component.ExceptLayers)},");
            if (component.Pyvene is not null) writer.Line($"PyveneName = {Literals.Of(component.Pyvene)},");
            writer.Line($"Summary = {Literals.Of(component.Summary)},");
        }
    }

    private static void WriteCheckpoints(SourceWriter writer, ModelSpec model)
    {
        if (model.Checkpoints.Count == 0) return;
        using var dictionary = writer.Block(
            $"Checkpoints = new {Collections}Dictionary<string, {Library}CheckpointDescriptor>(global::System.StringComparer.Ordinal)", ",");
        foreach (var checkpoint in model.Checkpoints)
        {
            using var block = writer.Block($"[{Literals.Of(checkpoint.Name)}] = new()", ",");
            writer.Line($"Hub = {Literals.Of(checkpoint.Hub)},");
            WriteDictionary(writer, "Sizes", "long", checkpoint.Sizes.Select(size => (size.Name, Literals.Of(size.Value))));
        }
    }

    private static void WriteDictionary(
        SourceWriter writer, string property, string type, System.Collections.Generic.IEnumerable<(string Key, string Value)> items)
    {
        using var block = writer.Block($"{property} = new {Collections}Dictionary<string, {type}>(global::System.StringComparer.Ordinal)", ",");
        foreach (var (key, value) in items) writer.Line($"[{Literals.Of(key)}] = {value},");
    }

    private static string Step(ViewStepSpec step)
    {
        var first = step.Sizes.Count == 0 ? "" : Literals.Of(step.Sizes[0]);
        var part = $"{Literals.Of(step.Parts)}, {Literals.Of(step.Index)}";
        return $"new {Library}ViewStep." + step.Kind switch
        {
            ViewStepKind.Chunk => $"Chunk({part})",
            ViewStepKind.Split => $"Split({Literals.Of(step.Sizes)}, {Literals.Of(step.Index)})",
            ViewStepKind.Grouped => $"Grouped({first}, {part})",
            _ => $"{step.Kind}({first})",
        };
    }
}
