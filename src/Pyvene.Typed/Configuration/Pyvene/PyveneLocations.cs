using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Configuration;

/// <summary>Brings pyvene's unit locations to one form: for every entry what is read in the source and what is written in the base.</summary>
/// <remarks>After <c>_broadcast_unit_locations</c> of pyvene's <c>intervenable_base.py</c>, without its slips: a list of two positions is two positions, and
/// one row serves every example.</remarks>
/// <param name="experiment">The configuration.</param>
/// <param name="sources">Which groups have a source.</param>
internal sealed class PyveneLocations(PyveneExperiment experiment, IReadOnlyList<bool> sources)
{
    private const string Field = "unit_locations";

    /// <summary>Returns the two sides of every entry; <see langword="null"/> = the whole tensor.</summary>
    /// <exception cref="InterventionException">The locations are in no form that pyvene takes, or do not fit the configuration.</exception>
    public IReadOnlyList<(PyveneUnits? Source, PyveneUnits? Base)> Read(PyveneJson? locations)
    {
        var count = experiment.Representations.Length;
        if (locations is null or { IsNone: true })
        {
            return experiment.Mode == CompositionMode.Parallel
                ? [.. Enumerable.Repeat<(PyveneUnits?, PyveneUnits?)>((null, null), count)]
                : throw new InterventionException(Field, "A serial run needs 'unit_locations', such as {\"source_0->source_1\": 2, \"source_1->base\": 2}.");
        }

        if (locations.Fields is not { } fields)
        {
            throw new InterventionException(Field, "'unit_locations' must be a dictionary, such as {\"sources->base\": 2}.");
        }

        var known = Known();
        if (fields.FirstOrDefault(field => !known.Contains(field.Name)).Name is { } unknown)
        {
            throw new InterventionException(Field, $"'unit_locations' has the key '{unknown}'; a {experiment.Mode.ToString().ToLowerInvariant()} run takes "
                + $"{string.Join(", ", known)}.{NearestName.Suggestion(unknown, known)}");
        }

        return experiment.Mode == CompositionMode.Parallel ? Parallel(fields, count) : Serial(fields, known);
    }

    private string[] Known() => experiment.Mode == CompositionMode.Parallel
        ? ["sources->base", "base"]
        : [.. Enumerable.Range(0, experiment.SourceCount).Select(group =>
            $"source_{group}->{(group == experiment.SourceCount - 1 ? "base" : $"source_{group + 1}")}")];

    private List<(PyveneUnits?, PyveneUnits?)> Parallel(IReadOnlyList<(string Name, PyveneJson Value)> fields, int count) =>
        fields.Count == 1
            ? Sides(fields[0].Value, [.. Enumerable.Range(0, count)], isBaseOnly: fields[0].Name == "base")
            : throw new InterventionException(Field, $"'unit_locations' of a parallel run has one key, \"sources->base\" or \"base\", but has {fields.Count}.");

    private (PyveneUnits?, PyveneUnits?)[] Serial(IReadOnlyList<(string Name, PyveneJson Value)> fields, string[] known)
    {
        var sides = new (PyveneUnits?, PyveneUnits?)[experiment.Representations.Length];
        for (var group = 0; group < known.Length; group++)
        {
            int[] members = [.. Enumerable.Range(0, sides.Length).Where(index => experiment.Groups[index] == group)];
            var value = fields.FirstOrDefault(field => field.Name == known[group]).Value;
            if (value is null)
            {
                if (sources[group])
                {
                    throw new InterventionException(Field, $"'unit_locations' lacks the key '{known[group]}', but group {group} has a source.");
                }

                continue;
            }

            var read = Sides(value, members, isBaseOnly: false);
            for (var index = 0; index < members.Length; index++)
            {
                sides[members[index]] = read[index];
            }
        }

        return sides;
    }

    /// <summary>Reads the value of one key for some entries.</summary>
    private List<(PyveneUnits?, PyveneUnits?)> Sides(PyveneJson value, int[] entries, bool isBaseOnly)
    {
        if (value is { IsTuple: true } && value.Items!.Count != 2)
        {
            throw new InterventionException(Field, $"'{value.Path}' is a tuple of {value.Items.Count}; a tuple is one of source and base. Write positions "
                + $"as a list.");
        }

        var isPair = value.Items is { Count: 2 } && (value.IsTuple || (!isBaseOnly && value.Numbers is null));
        var (source, @base) = isPair ? (value.Items![0], value.Items[1]) : (isBaseOnly ? null : value, value);
        return [.. Side(source, entries).Zip(Side(@base, entries))];
    }

    private IEnumerable<PyveneUnits?> Side(PyveneJson? side, int[] entries)
    {
        if (side is null or { IsNone: true })
        {
            return new PyveneUnits?[entries.Length];
        }

        int[]? shared = side.Number is { } number ? [number] : side.Numbers;
        if (shared is not null)
        {
            return entries.Select(entry => PyveneUnits.Shared(shared, experiment.Representations[entry].Unit, side.Path));
        }

        return side.Items is { } items && items.Count == entries.Length
            ? entries.Select((entry, index) => items[index].IsNone ? null : PyveneUnits.Of(items[index], experiment.Representations[entry].Unit))
            : throw new InterventionException(Field, $"'unit_locations': '{side.Path}' gives locations for {side.Items?.Count ?? 0} interventions, expected "
                + $"{entries.Length}: locations has one entry an intervention.");
    }
}
