using System.Linq;
using Pyvene.Typed.Generators.Specs;

namespace Pyvene.Typed.Generators.Emission;

/// <summary>Writes the layers inside of a layer, such as the blocks of a stage: <c>ResNet.Layer(1).Block(0).BlockOutput</c>.</summary>
internal static class SublayerEmitter
{
    private const string Library = "global::Pyvene.Typed.";

    /// <summary>Writes the method of a layer that returns one of its inner layers.</summary>
    /// <param name="writer">Takes the text.</param>
    /// <param name="inner">The inner row.</param>
    public static void WriteAccess(SourceWriter writer, InnerRowSpec inner)
    {
        writer.Line();
        DocCommentEmitter.WriteSummary(writer, "Returns one of the layers inside of this one.");
        writer.Line("/// <param name=\"index\">Which, from 0; whether this layer has it is checked when an experiment is bound to a model.</param>");
        writer.Line("/// <exception cref=\"global::System.ArgumentOutOfRangeException\">The index is negative.</exception>");
        writer.Line($"public {inner.Type} {inner.Type}(int index) => index >= 0");
        writer.Line("    ? new(Index, index)");
        writer.Line("    : throw new global::System.ArgumentOutOfRangeException(nameof(index), index, \"Layers count from 0.\");");
    }

    /// <summary>Writes the type of an inner layer.</summary>
    /// <param name="writer">Takes the text.</param>
    /// <param name="model">The model.</param>
    /// <param name="row">The row that the layers belong to.</param>
    /// <param name="inner">The inner row.</param>
    /// <param name="checkpoint">The checkpoint whose numbers are known, or <see langword="null"/>.</param>
    public static void Write(SourceWriter writer, ModelSpec model, LayerRowSpec row, InnerRowSpec inner, CheckpointSpec? checkpoint)
    {
        writer.Line();
        DocCommentEmitter.WriteSummary(writer, "Is one of the layers inside of a layer, and offers its components.");
        using var block = writer.Block($"public readonly record struct {inner.Type}");
        writer.Line($"internal {inner.Type}({Library}LayerIndex layer, int index) => (Layer, Index) = (layer, index);");
        writer.Line();
        DocCommentEmitter.WriteSummary(writer, "Gets the index of the layer that it lies in, from 0.");
        writer.Line($"public {Library}LayerIndex Layer {{ get; }}");
        writer.Line();
        DocCommentEmitter.WriteSummary(writer, "Gets its index in that layer, from 0.");
        writer.Line("public int Index { get; }");
        foreach (var component in model.Components.Where(component => component.Stack == row.Stack && component.IsPerSublayer))
        {
            writer.Line();
            DocCommentEmitter.WriteComponent(writer, component, checkpoint);
            AccessorEmitter.WriteSizes(writer, component, checkpoint);
            writer.Line($"public {AccessorEmitter.TypeOf(model, component)} {component.Member} => new(new {Library}Configuration.SiteSpec {{ Component = {Literals.Of(component.Name)}, Layer = Layer, Sublayer = Index }});");
        }

        writer.Line();
        DocCommentEmitter.WriteSummary(writer, "Returns the place in words.");
        writer.Line("public override string ToString() => $\"layer {Layer}, sublayer {Index}\";");
    }
}
