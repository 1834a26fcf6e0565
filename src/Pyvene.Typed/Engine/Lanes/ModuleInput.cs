using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Holds what a module was given in its last call, for the adaptor at its output.</summary>
internal sealed class ModuleInput
{
    private Tensor? values;
    private long length;

    /// <summary>Takes a copy of the input's values at the place; the module may write into its input.</summary>
    /// <param name="bound">The adaptor.</param>
    /// <param name="input">The lane's part of the input: [batch, …, width].</param>
    /// <param name="positions">The positions of the place.</param>
    /// <param name="first">The column of the batch that the input begins with.</param>
    /// <param name="hits">The examples that this call of the module is for; null without time steps.</param>
    /// <exception cref="InterventionException">The input has no such axes.</exception>
    public void Take(BoundIntervention bound, Tensor input, PositionChoice positions, long first, StepHits? hits)
    {
        AdaptorPlace.CheckInput(bound, input, positions, first);
        length = input.size(1);
        values = bound.IndexIn(input, positions, first, hits, isSource: false).AtWholeWidth().Copy(input);
    }

    /// <summary>Returns the values for the same call's output, and holds them no longer.</summary>
    /// <param name="bound">The adaptor.</param>
    /// <param name="output">The place in the module's output: [batch, …, width].</param>
    /// <param name="positions">The positions of the place.</param>
    /// <exception cref="InterventionException">Input and output differ in their positions.</exception>
    public Tensor For(BoundIntervention bound, Tensor output, PositionChoice positions)
    {
        var taken = values ?? throw new InterventionException(
            "component", $"{bound.Name}: module '{bound.Point.Path}' returned values, but what it was given was not seen; it cannot be adapted.");
        values = null;
        return positions.IsAll || length == output.size(1)
            ? taken
            : throw new InterventionException(
                "positions",
                $"{bound.Name} asks for the input of module '{bound.Point.Path}' at the positions of its output, but the input has {length} and the output "
                    + $"[{string.Join(", ", output.shape)}] has {output.size(1)}. Leave the positions out, or act at a module that keeps them.");
    }
}
