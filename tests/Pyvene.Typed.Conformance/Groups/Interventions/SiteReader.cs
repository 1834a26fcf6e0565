using System.Text.Json;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed.Conformance.Groups.Interventions;

/// <summary>Reads where an intervention of a case acts.</summary>
internal static class SiteReader
{
    /// <summary>Reads component, layer, unit and location.</summary>
    /// <param name="fields">The entry of <c>interventions</c>.</param>
    /// <param name="location">The entry of <c>locations</c>.</param>
    /// <param name="index">The number of the intervention.</param>
    /// <param name="hasHeads">Whether the component is split into heads; null where it is no component of the model.</param>
    /// <exception cref="CaseFieldException">A field is not what it must be.</exception>
    public static SiteSpec Read(JsonElement fields, JsonElement location, int index, bool? hasHeads)
    {
        var site = Place(fields.Optional("component") ?? fields, $"interventions[{index}].component") with { Layer = Layer(fields) };
        var unit = fields.GetProperty("unit").GetString() ?? "";
        // The whole component needs no unit, so any may stand there.
        CheckUnit(unit, IsWhole(location) ? null : hasHeads, $"interventions[{index}].unit");
        var (heads, at) = Units(location, "base", unit, index);
        var (readHeads, readAt) = Units(location, "source", unit, index);
        // What the positions of a component count is the library's to know; the case only says when they are time steps, or dimension 1 of a module's tensor.
        int? headAxis = site.ModulePath is not null && (heads ?? readHeads) is not null ? 1 : null; // a module's tensor is taken as it is
        return site with { Unit = unit is "t" ? PositionUnit.Step
            : unit is "pos" && site.ModulePath is not null && at is not null ? PositionUnit.Position
            : null, HeadAxis = headAxis, Heads = heads, At = at, ReadHeads = readHeads, ReadAt = readAt };
    }

    private static void CheckUnit(string unit, bool? hasHeads, string field)
    {
        if (unit is "t") return; // The library says which components have time steps.
        if (unit is not ("pos" or "h") && !IsNested(unit)) throw new CaseFieldException(field, $"'{unit}' is not a unit");
        if (hasHeads is { } heads && heads != (unit is "h" || IsNested(unit)))
        {
            throw new CaseFieldException(field, heads
                ? $"a head component needs h or h.pos, not {unit}"
                : $"the component has no heads, so it takes pos, not {unit}");
        }
    }

    /// <summary>Tells whether a unit is one inside of another, such as <c>h.pos</c> or <c>sense.pos</c>.</summary>
    internal static bool IsNested(string unit) => unit.Contains('.', StringComparison.Ordinal);

    private static bool IsWhole(JsonElement location) => !location.TryGetProperty("base", out var rows) || rows.ValueKind is JsonValueKind.Null;

    private static SiteSpec Place(JsonElement component, string field)
    {
        if (component.ValueKind is JsonValueKind.String) return new SiteSpec { Component = component.GetString() };
        return new SiteSpec
        {
            ModulePath = component.GetProperty("path").GetString(),
            Side = component.GetProperty("side").GetString() switch
            {
                "input" => HookSide.Input,
                "output" => HookSide.Output,
                var side => throw new CaseFieldException(field, $"'{side}' is neither input nor output"),
            },
        };
    }

    private static int? Layer(JsonElement fields) =>
        fields.TryGetProperty("layer", out var layer) && layer.ValueKind is JsonValueKind.Number ? layer.GetInt32() : null;

    private static (Heads? Heads, Positions? At) Units(JsonElement location, string side, string unit, int index)
    {
        var field = $"locations[{index}].{side}";
        if (!location.TryGetProperty(side, out var rows) || rows.ValueKind is JsonValueKind.Null) return (null, null);
        if (!IsNested(unit)) return unit is "h" ? (HeadsOf(rows, field), null) : (null, ColumnsOf(rows, field));
        var parts = IndexTable.Rows(rows, field, part => part);
        return parts.Length == 2
            ? (HeadsOf(parts[0], field), ColumnsOf(parts[1], field))
            : throw new CaseFieldException(field, $"the unit {unit} takes heads and positions, found {parts.Length} lists");
    }

    private static Heads HeadsOf(JsonElement rows, string field) => CaseFieldException.Naming(field, () => Heads.PerExample(IndexTable.Read(rows, field)));

    private static Positions ColumnsOf(JsonElement rows, string field) =>
        CaseFieldException.Naming(field, () => Positions.Columns(IndexTable.Read(rows, field)));
}
