using System.Text.Json;

namespace Pyvene.Typed.Conformance.Groups.Interventions;

/// <summary>Reads which features of the last axis an intervention of a case acts on.</summary>
internal static class FeatureReader
{
    /// <summary>Reads an entry of <c>subspaces</c>: features by number, or partitions of the intervention by number.</summary>
    /// <param name="subspaces">The entry: a list an example.</param>
    /// <param name="partition">
    /// The intervention's <c>subspace_partition</c>: each a half-open range <c>[lo, hi)</c> or, where it has another length, features by number.
    /// </param>
    /// <param name="index">The number of the intervention.</param>
    /// <returns>One list of features an example; they may differ in length.</returns>
    /// <exception cref="CaseFieldException">A number is none of the partition's, or a range is empty.</exception>
    public static int[][] Read(JsonElement subspaces, JsonElement? partition, int index)
    {
        var field = $"subspaces[{index}]";
        var rows = IndexTable.Read(subspaces, field);
        if (partition is not { } parts) return rows;
        var features = Partition(parts, $"interventions[{index}].subspace_partition");
        return [.. rows.Select(row => row.SelectMany(part => part >= 0 && part < features.Length ? features[part]
            : throw new CaseFieldException(field, $"{part} is none of the {features.Length} partitions")).ToArray())];
    }

    private static int[][] Partition(JsonElement partition, string field) => [.. IndexTable.Read(partition, field).Select(part =>
        part.Length != 2 ? part
        : part[0] < part[1] ? Enumerable.Range(part[0], part[1] - part[0]).ToArray()
        : throw new CaseFieldException(field, $"the range [{part[0]}, {part[1]}) is empty"))];
}
