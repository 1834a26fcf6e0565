using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;

namespace Pyvene.Typed.Engine;

/// <summary>
/// Finds what a run would do for nothing, before it runs: sources that nothing reads, and values that are written and certainly replaced before anything sees
/// them.
/// </summary>
internal static class UnseenWork
{
    /// <summary>Checks the sources that a run is given against what reads them.</summary>
    /// <param name="cells">The cells; one of them is enough to read a source.</param>
    /// <param name="isGiven">Which sources are there; one that is left out on purpose needs no reader.</param>
    /// <exception cref="InterventionException">One that is given is read by nothing.</exception>
    public static void CheckSources(IReadOnlyList<BoundCell> cells, IReadOnlyList<bool> isGiven)
    {
        for (var source = 0; source < isGiven.Count; source++)
        {
            if (isGiven[source] && !cells.Any(cell => IsUsed(cell, source)))
            {
                throw new InterventionException("sources", $"Source {source} is given, but no step reads it. Let a step read it (From(Source.At({source})) "
                    + $"in C#, \"source\": {source} in a configuration), leave it out with Source.Skip, or run with EffectCheck.Report.");
            }
        }
    }

    /// <summary>Finds a step of a cell that is undone by another that acts in the same run.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="model">The model.</param>
    /// <param name="base">The base.</param>
    /// <param name="isGiven">Which sources are there; a step whose source is left out does nothing.</param>
    /// <returns>The error that nothing is left of what a step writes, or null.</returns>
    public static InterventionException? DeadWrite(BoundCell cell, CallableModel model, Batch @base, IReadOnlyList<bool> isGiven)
    {
        var acting = cell.Interventions.Where(bound => !bound.ReadsSource || isGiven.ElementAtOrDefault(bound.Spec.Source)).ToArray();
        foreach (var last in acting.Where(Replaces))
        {
            foreach (var first in acting.Where(bound => bound.Spec.Intervention.Writes && !bound.IsOwnFunction && bound.Index != last.Index))
            {
                if (IsReplacedAtItsPlace(first, last, cell) || IsReplacedBehind(first, last, cell, model, @base))
                {
                    return new InterventionException("effect", $"Nothing is left of {first.Name}: {last.Name} replaces all that comes of it before anything "
                        + "sees it. Drop one of the two, collect in between, or run with EffectCheck.Report.");
                }
            }
        }

        return null;
    }

    private static bool IsUsed(BoundCell cell, int source) => cell.Interventions.Any(bound => cell.Mode == CompositionMode.Serial
        ? bound.Spec.Source == source || (bound.Spec.Source < source && !bound.Spec.Intervention.Writes)
        : bound.ReadsSource && bound.Spec.Source == source);

    /// <summary>Returns whether an intervention leaves nothing of the values that were at its place.</summary>
    private static bool Replaces(BoundIntervention bound) => bound.Spec is { Intervention: Interchange or Zero or Skip, MatchedRandom: null };

    private static bool IsReplacedAtItsPlace(BoundIntervention first, BoundIntervention last, BoundCell cell)
    {
        var (one, other) = (first.Spec.Site, last.Spec.Site);
        return first.Index < last.Index
            && (cell.Mode == CompositionMode.Parallel || first.Spec.Source == last.Spec.Source)
            && first.Point.Equals(last.Point) && Equals(one.During, other.During)
            && (IsWhole(last)
                || (one with { At = null, ReadAt = null, Heads = null, ReadHeads = null, Features = null })
                    == (other with { At = null, ReadAt = null, Heads = null, ReadHeads = null, Features = null }))
            && (other.At is null || Equals(one.At, other.At))
            && (other.Heads is null || Equals(one.Heads, other.Heads))
            && (other.Features is null || (!first.Spec.Intervention.HasOwnSpace && Equals(one.Features, other.Features)))
            && !cell.Interventions.Any(bound => bound.Point.Equals(first.Point) && bound.Index > first.Index && bound.Index < last.Index
                && (!bound.Spec.Intervention.Writes || bound.IsOwnFunction));
    }

    /// <summary>
    /// Returns whether a step acts in the blocks up to one whose whole output another step replaces, which is all that goes on from there in one pass of a
    /// language model.
    /// </summary>
    private static bool IsReplacedBehind(BoundIntervention first, BoundIntervention last, BoundCell cell, CallableModel model, Batch @base) =>
        cell.Mode == CompositionMode.Parallel && model is { Blocks: { } blocks, IsCausal: true, SelectsLogits: true } && !@base.Inputs.OutputHiddenStates
        && IsWhole(last) && last.Spec.Site is { At: null, During: null } && first.Spec.Site.During is null
        && last.Point is { Side: HookSide.Output, Item: 0 } && last.Point.Path == blocks.BlockPaths.ElementAtOrDefault(last.Point.Stage)
        && first.Point.Stage >= 0 && first.Point.Stage <= last.Point.Stage && !first.Point.Equals(last.Point)
        && !cell.Interventions.Any(bound => bound.Point.Stage <= last.Point.Stage && (!bound.Spec.Intervention.Writes || bound.IsOwnFunction));

    /// <summary>Returns whether a step writes every head and feature of the module's own tensor.</summary>
    private static bool IsWhole(BoundIntervention bound) => bound.View.Count == 0 && bound.Spec.Site is { Heads: null, Features: null };
}
