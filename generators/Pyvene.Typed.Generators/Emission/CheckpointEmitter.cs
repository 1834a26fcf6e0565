using System.Linq;
using Pyvene.Typed.Generators.Specs;

namespace Pyvene.Typed.Generators.Emission;

/// <summary>
/// Writes one class for every checkpoint whose sizes are known: the same components, with numbers in their documentation and ranges that an editor can check.
/// </summary>
internal static class CheckpointEmitter
{
    /// <summary>Writes the classes.</summary>
    /// <param name="writer">Takes the text.</param>
    /// <param name="model">The model.</param>
    public static void Write(SourceWriter writer, ModelSpec model)
    {
        using var type = writer.Block($"public sealed partial class {model.Type}");
        foreach (var checkpoint in model.Checkpoints)
        {
            writer.Line();
            DocCommentEmitter.WriteSummary(
                writer,
                $"Offers the components of <c>{DocCommentEmitter.Escape(checkpoint.Hub)}</c>: "
                    + $"{string.Join(", ", checkpoint.Sizes.Select(size => $"{size.Name} {Literals.Of(size.Value)}"))}.");
            using var scope = writer.Block($"public static class {checkpoint.Name}");
            DocCommentEmitter.WriteSummary(writer, "Gets where the checkpoint is published.");
            writer.Line($"public static string Hub => {Literals.Of(checkpoint.Hub)};");
            foreach (var stack in AccessorEmitter.Stacks(model)) AccessorEmitter.WriteStack(writer, model, stack, checkpoint);
        }
    }
}
