using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;

namespace Pyvene.Typed.Configuration;

/// <summary>Translates the place of an entry into the library's terms.</summary>
/// <param name="architecture">The model's architecture; <see langword="null"/> = only module paths can be used.</param>
/// <param name="config">The model's configuration.</param>
/// <param name="batch">The number of examples.</param>
internal sealed class PyveneSites(ArchitectureDescriptor? architecture, ModelConfig config, int batch)
{
    /// <summary>Returns the place.</summary>
    /// <exception cref="InterventionException">The component, the unit or the rank does not fit the model, or a source has no location.</exception>
    public SiteSpec Site(PyveneRepresentation entry, int index, (PyveneUnits? Source, PyveneUnits? Base) units, bool reads)
    {
        var path = $"representations[{index}]";
        var (place, component) = Place(entry, path);
        if (component?.Axes[1] == "head" && component.View.Count == 0 && entry.Unit == "pos")
        {
            // pyvene counts positions along the second axis, which is that of the heads in a tensor such as the attention weights.
            entry = entry with { Unit = "h" };
            units = (units.Source?.AsHeads(), units.Base?.AsHeads());
        }

        if (entry.Unit is not ("pos" or "h" or "t") && !PyveneUnits.IsNested(entry.Unit))
        {
            throw new InterventionException(
                $"{path}.unit", $"'{path}.unit' is '{entry.Unit}'; the units pos, h, t and nested ones, such as h.pos or sense.pos, can be used.");
        }

        var hasHeads = entry.Unit == "h" || PyveneUnits.IsNested(entry.Unit);

        // The whole component needs no unit, so any may stand there.
        if (component is not null && entry.Unit != "t" && units.Base is not null && (component.Heads is not null) != hasHeads)
        {
            throw new InterventionException($"{path}.unit", $"'{path}.unit' is '{entry.Unit}', but {entry.Component} has "
                + $"{(component.Heads is null ? "no heads and takes pos" : "heads and takes h or h.pos")}.");
        }

        if (reads && units is { Base: not null, Source: null })
        {
            throw new InterventionException("unit_locations", $"'unit_locations': {path} reads a source and has a location in the base, but none in the "
                + $"source.");
        }

        return place with
        {
            Unit = entry.Unit == "t" ? PositionUnit.Step : entry.Unit == "pos" && component is null && units.Base is not null ? PositionUnit.Position : null,
            HeadAxis = component is null && hasHeads && units.Base is not null ? 1 : null,
            Heads = units.Base?.Heads(batch),
            At = units.Base?.Positions(batch),
            ReadHeads = units.Source?.Heads(batch),
            ReadAt = units.Source?.Positions(batch),
        };
    }

    /// <summary>Returns the first features when an entry acts on these alone; <see langword="null"/> = on all.</summary>
    public Features? LeadingFeatures(PyveneRepresentation entry) =>
        entry.Dimension is { } count && Width(entry) is { } width && count < width && !PyveneTypes.HasWeights(entry) ? Features.In(..count) : null;

    /// <summary>Returns the width of an entry's component; <see langword="null"/> when it is not known.</summary>
    public long? Width(PyveneRepresentation entry, string path = "component") =>
        architecture is not null && !entry.IsModulePath && Place(entry, path).Component?.Width is { } width
            ? new ArchitectureSizes(architecture, config).TryEvaluate(width)
            : null;

    /// <summary>Checks that a rotation has no more directions than its place has features.</summary>
    /// <exception cref="InterventionException">It has.</exception>
    public void CheckRank(PyveneRepresentation entry, int index)
    {
        var path = $"representations[{index}]";
        if (entry is { TypeName: "LowRankRotatedSpaceIntervention", LowRankDimension: { } rank } && Width(entry) * entry.MaxUnits is { } width && rank > width)
        {
            throw new InterventionException($"{path}.low_rank_dimension", $"'{path}.low_rank_dimension' is {rank}, but {entry.Component} is only {width} "
                + $"wide.");
        }
    }

    private (SiteSpec Place, ComponentDescriptor? Component) Place(PyveneRepresentation entry, string path)
    {
        if (entry.IsModulePath)
        {
            var dot = entry.Component.LastIndexOf('.');
            return (new SiteSpec { ModulePath = entry.Component[..dot], Side = entry.Component[dot..] == ".input" ? HookSide.Input : HookSide.Output }, null);
        }

        var component = architecture?.Components.FirstOrDefault(item => item.PyveneName == entry.Component)
            ?? (architecture is not null && architecture.TryFindComponent(entry.Component, out var found) ? found : null);
        var names = architecture?.Components.Select(item => item.Name).ToArray() ?? [];
        return component is null
            ? throw new InterventionException($"{path}.component", $"'{path}.component': {config.Origin} has no component "
                + $"'{entry.Component}'.{NearestName.Suggestion(entry.Component, names)} "
                + "Use one that it has, or a module path that ends in .input or .output.")
            : (new SiteSpec { Component = component.Name, Layer = component.IsPerLayer ? entry.Layer : null }, component);
    }
}
