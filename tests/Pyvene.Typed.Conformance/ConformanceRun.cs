namespace Pyvene.Typed.Conformance;

/// <summary>Runs golden data: finds the leaf folders, hands each to its group, and turns everything that goes wrong into failed results.</summary>
internal static class ConformanceRun
{
    /// <summary>Runs the cases at or below a folder.</summary>
    /// <param name="folder">A root of golden data, a group, or one leaf.</param>
    /// <param name="filter">Which cases run.</param>
    /// <returns>One result a leaf folder, as it is done; a folder without a case that passes the filter is left out. A folder that is missing or cannot
    /// be read is a failed result, and the others still run.</returns>
    public static IEnumerable<FolderResult> Run(string folder, CaseFilter filter)
    {
        if (!Directory.Exists(folder))
        {
            yield return Unreadable(folder, File.Exists(folder) ? "is a file; expected a folder of golden data" : "does not exist");
            yield break;
        }

        var unreadable = new List<FolderResult>();
        var anyLeaf = false;
        foreach (var leaf in LeafFolders.Below(Path.GetFullPath(folder), (path, why) => unreadable.Add(Unreadable(path, $"cannot be listed: {why}"))))
        {
            anyLeaf = true;
            var result = RunLeaf(leaf, filter);
            if (result.Cases.Count > 0) yield return result;
        }

        foreach (var result in unreadable) yield return result;
        if (!anyLeaf && unreadable.Count == 0)
            yield return Unreadable(folder, "holds no cases (no .jsonl, case.json, expect.json or loader.json at any depth)");
    }

    private static FolderResult RunLeaf(string leaf, CaseFilter filter)
    {
        if (GoldenFolder.Of(leaf) is not { } golden)
            return Unreadable(leaf, $"belongs to no group: one of {string.Join(", ", GoldenFolder.GroupNames)} must be in its path");
        var results = Collect(GroupRegistry.Of(golden.Group).Run(leaf, filter), leaf);
        return new FolderResult(Path.GetRelativePath(golden.Root, golden.Path), results) { Golden = golden };
    }

    /// <summary>A group that throws between two cases (an unreadable file) ends its folder with one more failure.</summary>
    private static List<CaseResult> Collect(IEnumerable<CaseResult> results, string leaf)
    {
        var collected = new List<CaseResult>();
        try
        {
            foreach (var result in results) collected.Add(result);
        }
        catch (Exception failure)
        {
            collected.Add(CaseResult.Failed(leaf, Failure.Describe(failure)));
        }

        return collected;
    }

    private static FolderResult Unreadable(string folder, string why) => new(folder, [CaseResult.Failed(folder, why)]);
}
