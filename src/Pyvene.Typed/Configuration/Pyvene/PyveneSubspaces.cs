using System.Collections.Immutable;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Configuration;

/// <summary>Brings pyvene's <c>subspaces</c> to one form: for every entry the features of every example.</summary>
/// <param name="experiment">The configuration.</param>
/// <param name="batch">The number of examples.</param>
internal sealed class PyveneSubspaces(PyveneExperiment experiment, int batch)
{
    /// <summary>Returns the features of every entry; <see langword="null"/> = all.</summary>
    /// <exception cref="InterventionException">The subspaces are in no form that pyvene takes, or name a part that does not exist.</exception>
    public IReadOnlyList<int[][]?> Read(PyveneJson? subspaces)
    {
        var count = experiment.Representations.Length;
        if (subspaces is null or { IsNone: true })
        {
            return new int[][]?[count];
        }

        int[]? shared = subspaces.Number is { } number ? [number] : subspaces.Numbers;
        if (shared is not null)
        {
            return [.. Enumerable.Range(0, count).Select(index => Expand([shared], index))];
        }

        return subspaces.Items is { } items && items.Count == count
            ? [.. items.Select((item, index) => item.IsNone ? null : Expand(PyveneUnits.Rows(item), index))]
            : throw new InterventionException("subspaces", $"'subspaces' has {subspaces.Items?.Count ?? 0} entries, but there are {count} interventions.");
    }

    /// <summary>Returns the features as the library has them.</summary>
    public static Features? Features(int[][]? rows, int index)
    {
        try
        {
            return rows is null ? null : Typed.Features.PerExample(rows);
        }
        catch (ArgumentException error)
        {
            throw new InterventionException($"subspaces[{index}]", $"'subspaces[{index}]': {error.Message}", error);
        }
    }

    private int[][] Expand(int[][] rows, int index)
    {
        var field = $"subspaces[{index}]";
        rows = PyveneUnits.Spread(rows, batch, field);
        var partition = experiment.Representations[index].SubspacePartition;
        if (partition.Length == 0)
        {
            return rows;
        }

        return [.. rows.Select(row => row.SelectMany(part => part >= 0 && part < partition.Length
            ? partition[part]
            : throw new InterventionException(field, $"'{field}' names part {part}, but the subspace_partition has {partition.Length}.")).ToArray())];
    }
}
