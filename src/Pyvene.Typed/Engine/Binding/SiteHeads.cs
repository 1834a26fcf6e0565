using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Engine;

/// <summary>Checks at bind that a site has the heads that it chooses, as far as their number is known.</summary>
internal static class SiteHeads
{
    /// <summary>Checks a site's heads.</summary>
    /// <param name="site">The site.</param>
    /// <param name="where">The place, in words, for messages.</param>
    /// <param name="component">The component that it names; null for a module path.</param>
    /// <param name="sizes">The sizes that count its heads; null for a module path.</param>
    /// <exception cref="InterventionException">It has no such heads, or none.</exception>
    public static void Check(SiteSpec site, string where, ComponentDescriptor? component, ArchitectureSizes? sizes)
    {
        if (site.HeadCount is not null || site.HeadAxis is not null)
        {
            CheckHeadAxis(site, where, component);
        }

        if (site.HeadCount is { } given)
        {
            CheckRange(given, "is split into");
            return;
        }

        if (component?.Heads is { } expression)
        {
            CheckRange(sizes![expression], "has");
        }
        else if (site.HeadAxis is null && (site.Heads is not null || site.ReadHeads is not null))
        {
            throw new InterventionException(
                "heads",
                $"{where}: {site.Whole} has no heads; leave them out, or choose a component that is split into heads. "
                    + "Of a module, head_count or head_axis says where they are.");
        }

        void CheckRange(long count, string has)
        {
            var fact = $"{site.Whole} {has} {count} heads (0 to {count - 1})";
            IndexRange.Check(site.Heads?.Index, count, "heads", where, fact);
            IndexRange.Check(site.ReadHeads?.Index, count, "heads", $"{where}, read in the source", fact);
        }
    }

    /// <summary>Checks what a site says about where the heads of a module's tensor are.</summary>
    private static void CheckHeadAxis(SiteSpec site, string where, ComponentDescriptor? component)
    {
        var field = site.HeadAxis is null ? "head_count" : "head_axis";
        var problem =
            component is not null ? $"'{component.Name}' is split as its descriptor says; {field} is for a module path. Leave it out."
            : site is { HeadCount: not null, HeadAxis: not null }
                ? $"{site.Whole} has head_axis, so the heads are there already; head_count is for a tensor whose last axis is to be split. Leave one of them "
                    + "out."
            : site.Unit == PositionUnit.Step ? $"{site.Whole} is one value a time step, which has no heads; leave {field} out."
            : site.HeadCount < 1 ? $"{site.Whole} is split into {site.HeadCount} heads; at least 1 is needed."
            : site.HeadAxis is { } axis and not (1 or 2)
                ? $"the heads of {site.Whole} cannot be in axis {axis}; 1 means [batch, head, position, …], 2 means [batch, position, head, …]."
            : null;
        if (problem is not null)
        {
            throw new InterventionException(field, $"{where}: {problem}");
        }
    }
}
