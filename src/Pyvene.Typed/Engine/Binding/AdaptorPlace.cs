using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Checks that the module of a place has an input that an adaptor can be given beside its output.</summary>
internal static class AdaptorPlace
{
    /// <summary>Checks at bind what the place tells.</summary>
    /// <param name="where">The intervention in words.</param>
    /// <param name="point">Where it writes.</param>
    /// <param name="hasHeads">Whether the place has an axis of heads.</param>
    /// <exception cref="InterventionException">There is no such input.</exception>
    public static void Check(string where, HookPoint point, bool hasHeads)
    {
        if (point.Side == HookSide.Input || point.Module is Tap)
        {
            var what = point.Side == HookSide.Input ? "the place is an input itself" : "the place is a value inside of a module, with no input of its own";
            throw new InterventionException("component", $"{where} asks for its module's input beside the output, but {what}. Act at the output of a module.");
        }

        if (hasHeads)
        {
            throw new InterventionException(
                "component",
                $"{where} asks for its module's input beside the output, but the place has heads, and the input of '{point.Path}' is not given by heads. "
                    + "Act at a component that has all heads side by side, such as query_output.");
        }
    }

    /// <summary>Checks what only the run tells: that the input has the axes of the place.</summary>
    /// <param name="bound">The adaptor.</param>
    /// <param name="input">A lane's part of the input.</param>
    /// <param name="positions">The positions of the place.</param>
    /// <param name="first">The column of the batch that the input begins with.</param>
    /// <exception cref="InterventionException">It has not.</exception>
    public static void CheckInput(BoundIntervention bound, Tensor input, PositionChoice positions, long first)
    {
        var hasPositions = bound.IsStepwise || !positions.IsAll;
        if (!input.is_floating_point() || input.ndim < (hasPositions ? 3 : 2) || (!positions.IsAll && ChannelsFirst.Is(bound.Point.Module)))
        {
            var what = ChannelsFirst.Is(bound.Point.Module) ? " with channels behind the batch" : input.is_floating_point() ? "" : " of whole numbers";
            throw new InterventionException(
                "component",
                $"{bound.Name} asks for the input of module '{bound.Point.Path}', which is [{string.Join(", ", input.shape)}]{what}; expected "
                    + $"{(hasPositions ? "[batch, position, width]" : "[batch, …, width]")} in floating point. Act at another module.");
        }

        if (!bound.IsStepwise && positions.Largest is { } position && position - first >= input.size(1))
        {
            throw new InterventionException(
                "positions",
                $"{bound.Name}: position {position} is out of range in the input of module '{bound.Point.Path}', which is "
                    + $"[{string.Join(", ", input.shape)}]; its axis 1 counts positions from {first}.");
        }
    }
}
