using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions.Trainable;

namespace Pyvene.Typed.Engine;

/// <summary>Checks that what a module of an intervention learns fits the place that it acts on, before anything runs.</summary>
internal static class LearnedPlace
{
    /// <summary>Checks the width at bind, as far as it does not depend on the number of units.</summary>
    /// <exception cref="InterventionException">The module cannot fit.</exception>
    public static void CheckWidth(InterventionModule module, long width, string where)
    {
        if (module.IsPerUnit ? module.Width != width : module.Width % width != 0)
        {
            throw new InterventionException(
                "width",
                $"{where}: the place is {width} wide, but the intervention is for "
                    + $"{module.Width}{(module.IsPerUnit ? "" : $", which must be {width} times the units whose values it concatenates")}. "
                    + $"Make it {width} wide.");
        }
    }

    /// <summary>Checks at bind that the features of the place are dimensions of the intervention's own space.</summary>
    /// <exception cref="InterventionException">One is not.</exception>
    public static void CheckDimensions(InterventionModule module, IndexRows? features, string where)
    {
        if (features is null)
        {
            return;
        }

        if (module.SpaceWidth is not { } space)
        {
            throw new InterventionException("features", $"{where} always acts on all dimensions, so no features can be chosen; leave them out.");
        }

        if (features.Rows.SelectMany(row => row).Where(dimension => dimension >= space).Select(dimension => (int?)dimension).FirstOrDefault() is { } wrong)
        {
            throw new InterventionException(
                "features", $"{where}: {wrong} is out of range; the features are dimensions of its own space, which has {space} (0 to {space - 1}).");
        }
    }

    /// <summary>Checks, when the batch is known, that the values of all units are as wide as the module.</summary>
    /// <param name="bound">The intervention; one that learns nothing passes.</param>
    /// <param name="positions">The number of positions that are written.</param>
    /// <exception cref="InterventionException">There are more or fewer units.</exception>
    public static void CheckUnits(BoundIntervention bound, long? positions)
    {
        if (bound.Spec.Intervention is not Learned { Module: { IsPerUnit: false } module } || bound.Width is not { } width)
        {
            return;
        }

        var units = bound.HeadAxis is null ? positions : bound.Spec.Site.Heads?.Index.Count;
        if (units is { } count && count * width != module.Width)
        {
            throw new InterventionException(
                "units",
                $"{bound.Name}: the values of {count} {(bound.HeadAxis is null ? "positions" : "heads")} of {width} are concatenated, but the intervention is "
                    + $"{module.Width} wide: for {module.Width / width}. Choose as many, or treat every one by itself (IsPerUnit).");
        }
    }
}
