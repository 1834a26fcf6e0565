namespace Pyvene.Typed.Conformance;

/// <summary>Finds the folders that hold cases.</summary>
internal static class LeafFolders
{
    private const int DeepestNesting = 16;
    private static readonly string[] SingleCaseFiles = ["case.json", "expect.json", "loader.json"];

    /// <summary>Lists the case folders at or below a folder, parents first, then by name.</summary>
    /// <param name="folder">A root of golden data, a group, or one leaf.</param>
    /// <param name="unreadable">Is told each folder that could not be listed, and why; the others are still found.</param>
    public static IEnumerable<string> Below(string folder, Action<string, string> unreadable) => Below(folder, 0, unreadable);

    private static IEnumerable<string> Below(string folder, int depth, Action<string, string> unreadable)
    {
        string[] files, folders;
        try
        {
            files = Directory.GetFiles(folder);
            folders = Directory.GetDirectories(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            unreadable(folder, failure.Message);
            yield break;
        }

        if (files.Any(HoldsCases)) yield return folder;
        if (depth == DeepestNesting) yield break;
        foreach (var inner in folders.Order(StringComparer.Ordinal))
        foreach (var leaf in Below(inner, depth + 1, unreadable))
            yield return leaf;
    }

    /// <summary>Whether a file holds cases.</summary>
    public static bool HoldsCases(string file) =>
        file.EndsWith(".jsonl", StringComparison.Ordinal) || SingleCaseFiles.Contains(Path.GetFileName(file));
}
