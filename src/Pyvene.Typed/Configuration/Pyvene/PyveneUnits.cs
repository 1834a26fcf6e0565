using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Configuration;

/// <summary>Is a location of one intervention: units of every example, or one row for all.</summary>
/// <param name="Path">Where it stands, for messages.</param>
/// <param name="HeadRows">The heads, when the unit has any.</param>
/// <param name="PositionRows">The positions, when the unit has any.</param>
internal sealed record PyveneUnits(string Path, int[][]? HeadRows, int[][]? PositionRows)
{
    /// <summary>Tells whether a unit is one inside of another, such as <c>h.pos</c> or <c>sense.pos</c>: pyvene looks at the dot alone.</summary>
    public static bool IsNested(string unit) => unit.Split('.') is [{ Length: > 0 }, { Length: > 0 }];

    /// <summary>Reads units that are the same in every example.</summary>
    public static PyveneUnits Shared(int[] units, string unit, string path) => unit switch
    {
        _ when IsNested(unit) =>
            throw new InterventionException(path, $"'unit_locations': '{path}' gives one number for the unit {unit}, which needs two lists: "
                + $"[[[head]], [[position]]] an intervention."),
        "h" => new PyveneUnits(path, [units], null),
        _ => new PyveneUnits(path, null, [units]),
    };

    /// <summary>Reads the units of every example: <c>[B][n]</c>, or <c>[[B][heads], [B][positions]]</c> for a nested unit.</summary>
    public static PyveneUnits Of(PyveneJson json, string unit)
    {
        if (!IsNested(unit))
        {
            return unit == "h" ? new PyveneUnits(json.Path, Rows(json), null) : new PyveneUnits(json.Path, null, Rows(json));
        }

        return json.Items is { Count: 2 } parts
            ? new PyveneUnits(json.Path, Rows(parts[0]), Rows(parts[1]))
            : throw new InterventionException(
                json.Path, $"'unit_locations': '{json.Path}' must hold two lists for the unit {unit}, such as heads and positions.");
    }

    /// <summary>Returns the same numbers, of heads.</summary>
    public PyveneUnits AsHeads() => new(Path, PositionRows, null);

    /// <summary>Returns the heads of every example.</summary>
    public Heads? Heads(int batch) => HeadRows is null ? null : Guard(() => Typed.Heads.PerExample(Spread(HeadRows, batch, Path)));

    /// <summary>Returns the positions of every example.</summary>
    public Positions? Positions(int batch) => PositionRows is null ? null : Guard(() => Typed.Positions.Columns(Spread(PositionRows, batch, Path)));

    /// <summary>Repeats a single row for every example.</summary>
    internal static int[][] Spread(int[][] rows, int batch, string path) =>
        rows.Length == batch ? rows
        : rows.Length == 1 ? [.. Enumerable.Repeat(rows[0], batch)]
        : throw new InterventionException(path, $"'{path}' has {rows.Length} rows, but the batch has {batch} examples. Give one row for all, or one an "
            + $"example.");

    /// <summary>Reads a list of rows of whole numbers.</summary>
    internal static int[][] Rows(PyveneJson json) =>
        json.Items is { Count: > 0 } rows && rows.All(row => row.Numbers is not null)
            ? [.. rows.Select(row => row.Numbers!)]
            : throw new InterventionException(json.Path, $"'{json.Path}' must be a list of whole numbers an example, such as [[0], [2]].");

    private T Guard<T>(Func<T> build)
    {
        try
        {
            return build();
        }
        catch (ArgumentException error)
        {
            throw new InterventionException(Path, $"'unit_locations': '{Path}': {error.Message}", error);
        }
    }
}
