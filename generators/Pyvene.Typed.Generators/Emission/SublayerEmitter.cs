using System.Linq;
using Pyvene.Typed.Generators.Specs;

namespace Pyvene.Typed.Generators.Emission;

/// <summary>Writes the layers inside of a layer, such as the blocks of a stage: <c>ResNet.Layer(1).Block(0).BlockOutput</c>.</summary>
internal static class SublayerEmitter
{
    private const string Library = "global::Pyvene.Typed.";
    private const string NoLayer =
        "/// <exception cref=\"global::System.InvalidOperationException\">This is the default value of the type, which is no layer.</exception>";

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
        writer.Line($"private readonly ({Library}LayerIndex Layer, int Index)? place; // null in a default value alone");
        writer.Line();
        writer.Line($"internal {inner.Type}({Library}LayerIndex layer, int index) => place = (layer, index);");
        writer.Line();
        DocCommentEmitter.WriteSummary(writer, "Gets the index of the layer that it lies in, from 0.");
        writer.Line(NoLayer);
        writer.Line($"public {Library}LayerIndex Layer => Place.Layer;");
        writer.Line();
        DocCommentEmitter.WriteSummary(writer, "Gets its index in that layer, from 0.");
        writer.Line(NoLayer);
        writer.Line("public int Index => Place.Index;");
        foreach (var component in model.Components.Where(component => component.Stack == row.Stack && component.IsPerSublayer))
        {
            writer.Line();
            DocCommentEmitter.WriteComponent(writer, component, checkpoint);
            AccessorEmitter.WriteSizes(writer, component, checkpoint);
            writer.Line(
                $"public {AccessorEmitter.TypeOf(model, component)} {component.Member} => new(new {Library}Configuration.SiteSpec {{ Component = "
                    + $"{Literals.Of(component.Name)}, Layer = Layer, Sublayer = Index }});");
        }

        writer.Line();
        DocCommentEmitter.WriteSummary(writer, "Returns the place in words.");
        writer.Line("public override string ToString() => place is null ? \"no layer\" : $\"layer {Layer}, sublayer {Index}\";");
        writer.Line();
        writer.Line($"private ({Library}LayerIndex Layer, int Index) Place => place");
        writer.Line($"    ?? throw new global::System.InvalidOperationException({AccessorEmitter.DefaultValue(model, row, checkpoint, inner.Type)});");
    }
}
