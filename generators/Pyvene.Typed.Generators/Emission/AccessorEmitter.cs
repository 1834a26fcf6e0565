using System.Linq;
using Pyvene.Typed.Generators.Parsing;
using Pyvene.Typed.Generators.Specs;

namespace Pyvene.Typed.Generators.Emission;

/// <summary>Writes the class of an architecture with its components.</summary>
internal static class AccessorEmitter
{
    private const string Library = "global::Pyvene.Typed.";
    private const string Torch = "global::TorchSharp.torch.";

    /// <summary>Writes the class.</summary>
    /// <param name="writer">Takes the text.</param>
    /// <param name="model">The model.</param>
    public static void Write(SourceWriter writer, ModelSpec model)
    {
        DocCommentEmitter.WriteSummary(writer, DocCommentEmitter.Escape(model.Summary));
        writer.Line(
            $"/// <remarks>Made from <c>{DocCommentEmitter.Escape(model.File)}</c>. Stands for the architecture in types; "
                + $"serves {string.Join(", ", model.Classes.Select(ClassInWords))}.</remarks>");
        using (writer.Block($"public sealed partial class {model.Type} : {Library}Descriptors.IArchitecture"))
        {
            writer.Line($"private {model.Type}()\n{{\n}}");
            writer.Line();
            DocCommentEmitter.WriteSummary(writer, "Gets the experiment without a step; every step that is added returns a new one.");
            var experiment = $"{Library}Experiment<{model.Type}, {Library}NoSource>";
            writer.Line($"public static {experiment} Experiment => {experiment}.Empty;");
            if (model.Family != ModelFamily.Module) WriteLoad(writer, model);
            CreateEmitter.Write(writer, model);
            foreach (var stack in Stacks(model)) WriteStack(writer, model, stack, checkpoint: null);
        }
    }

    /// <summary>Returns the stacks of a model, the main one first.</summary>
    /// <param name="model">The model.</param>
    public static string[] Stacks(ModelSpec model) =>
        [.. new[] { "" }.Concat(model.Rows.Select(row => row.Stack)).Concat(model.Components.Select(component => component.Stack)).Distinct()];

    /// <summary>Writes the layers and components of one stack.</summary>
    /// <param name="writer">Takes the text.</param>
    /// <param name="model">The model.</param>
    /// <param name="stack">The stack; one with a name gets a class of its own.</param>
    /// <param name="checkpoint">The checkpoint whose numbers are known, or <see langword="null"/>.</param>
    public static void WriteStack(SourceWriter writer, ModelSpec model, string stack, CheckpointSpec? checkpoint)
    {
        if (stack.Length == 0)
        {
            WriteMembers(writer, model, stack, checkpoint);
            return;
        }

        writer.Line();
        DocCommentEmitter.WriteSummary(writer, $"Offers the components of the {DocCommentEmitter.Escape(stack)}.");
        using (writer.Block($"public static class {CSharpNames.Pascal(stack)}")) WriteMembers(writer, model, stack, checkpoint);
    }

    private static void WriteLoad(SourceWriter writer, ModelSpec model)
    {
        var handle = $"{Library}LanguageModel<{model.Type}>";
        writer.Line();
        writer.Line($"/// <inheritdoc cref=\"{Library}LanguageModel{{TModel}}.Load(string, {Torch}Device, {Torch}ScalarType?)\"/>");
        writer.Line(
            $"public static {handle} Load(string folder, {Torch}Device? device = null, {Torch}ScalarType? dtype = null) => {handle}.Load(folder, device, "
                + "dtype);");
    }

    private static void WriteMembers(SourceWriter writer, ModelSpec model, string stack, CheckpointSpec? checkpoint)
    {
        var row = model.Rows.FirstOrDefault(row => row.Stack == stack);
        if (row is not null) WriteLayerAccess(writer, model, row, checkpoint);
        foreach (var kind in HeadKind.All) WriteHeadAccess(writer, model, stack, kind, checkpoint);
        foreach (var component in model.Components.Where(component => component.Stack == stack && !component.IsPerLayer))
        {
            writer.Line();
            DocCommentEmitter.WriteComponent(writer, component, checkpoint);
            WriteSizes(writer, component, checkpoint);
            writer.Line($"public static {TypeOf(model, component)} {component.Member} => new({Literals.Of(component.Name)});");
        }

        if (row is null) return;
        WriteLayer(writer, model, row, checkpoint);
        if (row.Inner is not null) SublayerEmitter.Write(writer, model, row, row.Inner, checkpoint);
    }

    private static void WriteLayerAccess(SourceWriter writer, ModelSpec model, LayerRowSpec row, CheckpointSpec? checkpoint)
    {
        var count = checkpoint?.Evaluate(row.Count);
        writer.Line();
        DocCommentEmitter.WriteSummary(writer, count is null
            ? "Gets all layers, as many as the model has that they are used on."
            : $"Gets the {Literals.Of(count.Value)} layers, for sweeps, loops and LINQ.");
        WriteAxis(writer, model, row.Type, "AllLayers", "layer", row.Count, count, "..");
        writer.Line();
        DocCommentEmitter.WriteSummary(writer, "Returns a layer.");
        if (count is not null)
        {
            var last = Literals.Of(count.Value - 1);
            writer.Line($"/// <param name=\"index\">The layer, 0 to {last}.</param>");
            writer.Line("/// <exception cref=\"global::System.ArgumentOutOfRangeException\">There is no such layer.</exception>");
            writer.Line($"public static {row.Type} Layer([{Library}ValidRange(0, {last})] {Library}LayerIndex index) => index.Value is >= 0 and <= {last}");
            writer.Line("    ? new(index)");
            writer.Line(
                "    : throw new global::System.ArgumentOutOfRangeException(nameof(index), index, "
                    + $"{Literals.Of($"{checkpoint!.Hub} has the layers 0 to {last}.")});");
        }
        else
        {
            writer.Line("/// <param name=\"index\">The layer, from 0; whether the model has it is checked when an experiment is bound to one.</param>");
            writer.Line("/// <exception cref=\"global::System.ArgumentOutOfRangeException\">The layer is negative.</exception>");
            writer.Line($"public static {row.Type} Layer({Library}LayerIndex index) => index.Value >= 0");
            writer.Line("    ? new(index)");
            writer.Line("    : throw new global::System.ArgumentOutOfRangeException(nameof(index), index, \"Layers count from 0.\");");
        }

        writer.Line();
        DocCommentEmitter.WriteSummary(
            writer,
            "Returns some layers, such as <c>Layers(4..8)</c> or "
                + $"<c>Layers(^3..)</c>{(count is null ? ", resolved against the model that they are used on" : "")}.");
        writer.Line("/// <param name=\"range\">The layers, half-open.</param>");
        var valid = count is null ? "" : $"[{Library}ValidRange(0, {Literals.Of(count.Value - 1)})] ";
        WriteAxis(writer, model, row.Type, $"Layers({valid}global::System.Range range)", "layer", row.Count, count, "range");
    }

    private static void WriteHeadAccess(SourceWriter writer, ModelSpec model, string stack, HeadKind kind, CheckpointSpec? checkpoint)
    {
        var first = model.Components.FirstOrDefault(component => component.Stack == stack && component.Axes.Contains(kind.Axis));
        if (first?.Heads is not { } heads) return;
        var where = first.IsPerLayer ? " of a layer" : "";
        var count = checkpoint?.Evaluate(heads) is > 0 and <= int.MaxValue and var known ? known : (long?)null;
        writer.Line();
        DocCommentEmitter.WriteSummary(writer, count is null
            ? $"Gets all {kind.Word}s{where}, as many as the model has that they are used on."
            : $"Gets the {Literals.Of(count.Value)} {kind.Word}s{where}, for sweeps, loops and LINQ.");
        WriteAxis(writer, model, Library + kind.Index, kind.List, kind.Word, heads, count, "..");
    }

    private static void WriteAxis(
        SourceWriter writer, ModelSpec model, string type, string member, string word, string size, long? count, string range) => writer.Line(count is null
        ? $"public static {Library}Axis<{model.Type}, {type}> {member} => new({Literals.Of(word)}, {Literals.Of(size)}, {range}, static index => new(index));"
        : $"public static {Library}KnownAxis<{type}> {member} => new({Literals.Of(word)}, {Literals.Of(count.Value)}, {range}, static index => new(index));");

    private static void WriteLayer(SourceWriter writer, ModelSpec model, LayerRowSpec row, CheckpointSpec? checkpoint)
    {
        writer.Line();
        DocCommentEmitter.WriteSummary(writer, "Is one layer, and offers its components.");
        using var block = writer.Block($"public readonly record struct {row.Type} : {Library}ILayer<{model.Type}>");
        writer.Line($"private readonly {Library}LayerIndex? index; // null in a default value alone");
        writer.Line();
        writer.Line($"internal {row.Type}({Library}LayerIndex index) => this.index = index;");
        writer.Line();
        DocCommentEmitter.WriteSummary(writer, "Gets the index of the layer, from 0.");
        writer.Line("/// <exception cref=\"global::System.InvalidOperationException\">This is the default value of the type, which is no layer.</exception>");
        writer.Line($"public {Library}LayerIndex Index => index");
        writer.Line($"    ?? throw new global::System.InvalidOperationException({DefaultValue(model, row, checkpoint, row.Type)});");
        foreach (var component in model.Components.Where(component => component.Stack == row.Stack && component.IsPerLayer && !component.IsPerSublayer))
        {
            writer.Line();
            DocCommentEmitter.WriteComponent(writer, component, checkpoint);
            WriteSizes(writer, component, checkpoint);
            writer.Line($"public {TypeOf(model, component)} {component.Member} => new({Literals.Of(component.Name)}, Index);");
        }

        if (row.Inner is not null) SublayerEmitter.WriteAccess(writer, row.Inner);

        if (checkpoint is not null)
        {
            var general = $"{model.Type}.{(row.Stack.Length == 0 ? "" : $"{CSharpNames.Pascal(row.Stack)}.")}{row.Type}";
            writer.Line();
            DocCommentEmitter.WriteSummary(writer, $"Converts to the layer of any <c>{general}</c>, as methods of your own take it.");
            writer.Line("/// <param name=\"layer\">The layer.</param>");
            writer.Line(
                $"public static implicit operator {general}({row.Type} layer) => "
                    + $"{model.Type}.{(row.Stack.Length == 0 ? "" : $"{CSharpNames.Pascal(row.Stack)}.")}Layer(layer.Index);");
        }

        writer.Line();
        DocCommentEmitter.WriteSummary(writer, "Returns the layer in words.");
        writer.Line("public override string ToString() => index is null ? \"no layer\" : $\"layer {Index}\";");
    }

    /// <summary>Returns what the default value of the type of a layer says when it is used, as a literal: nothing tells it from layer 0 by itself.</summary>
    /// <param name="model">The model.</param>
    /// <param name="row">The row that the layers belong to.</param>
    /// <param name="checkpoint">The checkpoint whose numbers are known, or <see langword="null"/>.</param>
    /// <param name="type">The type of the layer.</param>
    public static string DefaultValue(ModelSpec model, LayerRowSpec row, CheckpointSpec? checkpoint, string type)
    {
        var owner = model.Type + (checkpoint is null ? "" : $".{checkpoint.Name}") + (row.Stack.Length == 0 ? "" : $".{CSharpNames.Pascal(row.Stack)}");
        return Literals.Of(
            $"This is the default value of {owner}.{type}, not a layer, as FirstOrDefault gives it without a match and a new array holds it. "
                + $"Take layers from {owner}.Layer or {owner}.AllLayers.");
    }

    /// <summary>Writes how large the axes of a component are in a checkpoint, as an attribute that rules read.</summary>
    /// <param name="writer">Takes the text.</param>
    /// <param name="component">The component.</param>
    /// <param name="checkpoint">The checkpoint whose numbers are known, or <see langword="null"/>.</param>
    public static void WriteSizes(SourceWriter writer, ComponentSpec component, CheckpointSpec? checkpoint)
    {
        var sizes = new[] { (Name: "Heads", Size: component.Heads), (Name: "Width", Size: component.Width) }
            .Select(axis => (axis.Name, Value: axis.Size is null ? null : checkpoint?.Evaluate(axis.Size)))
            .Where(axis => axis.Value is > 0 and <= int.MaxValue)
            .Select(axis => $"{axis.Name} = {Literals.Of(axis.Value!.Value)}")
            .ToArray();
        if (sizes.Length > 0) writer.Line($"[{Library}KnownSizes({string.Join(", ", sizes)})]");
    }

    /// <summary>Returns the type of a component.</summary>
    /// <param name="model">The model.</param>
    /// <param name="component">The component.</param>
    public static string TypeOf(ModelSpec model, ComponentSpec component) => TypeOf(model.Type, component.Shape, component.Axes[1]);

    /// <summary>Returns the type of a component.</summary>
    /// <param name="owner">The type that its places belong to.</param>
    /// <param name="shape">What can be chosen of it.</param>
    /// <param name="axis">Its first axis behind the batch, which is the one of heads where it has some.</param>
    public static string TypeOf(string owner, ComponentShape shape, string axis) => Library + shape switch
    {
        ComponentShape.Position => $"PositionComponent<{owner}>",
        ComponentShape.Neuron => $"NeuronComponent<{owner}>",
        ComponentShape.Step => $"StepComponent<{owner}>",
        ComponentShape.Head => $"HeadComponent<{owner}{IndexOf(axis)}>",
        ComponentShape.Attention => $"AttentionComponent<{owner}{IndexOf(axis)}>",
        _ => $"WholeComponent<{owner}>",
    };

    private static string IndexOf(string axis) => HeadKind.Of(axis) is { IsQuery: false } kind ? $", {Library}{kind.Index}" : "";

    private static string ClassInWords(ClassSpec item) =>
        item.Prefix.Length == 0
            ? $"<c>{DocCommentEmitter.Escape(item.Name)}</c>"
            : $"<c>{DocCommentEmitter.Escape(item.Name)}</c> (paths behind <c>{DocCommentEmitter.Escape(item.Prefix)}</c>)";
}
