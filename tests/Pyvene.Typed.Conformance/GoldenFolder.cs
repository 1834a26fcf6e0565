namespace Pyvene.Typed.Conformance;

/// <summary>A folder of golden data: which group it belongs to, and where its neighbours are.</summary>
/// <param name="Path">The full path of the folder.</param>
/// <param name="Group">The group, one of <see cref="GroupNames"/>.</param>
/// <param name="GroupPath">The full path of the group's own folder, the one that bears its name.</param>
internal sealed record GoldenFolder(string Path, string Group, string GroupPath)
{
    private const string WinsOverItsContents = "training";

    /// <summary>The names that mark a group.</summary>
    public static IReadOnlyList<string> GroupNames { get; } =
        ["models", "interventions", "training", "saved", "generation", "tokenizers", "causal", "gguf", "gguf-models", "real"];

    /// <summary>The folder that holds the checkpoints which the cases of this folder name.</summary>
    public string Models => Group switch
    {
        "interventions" or WinsOverItsContents => System.IO.Path.Combine(GroupPath, "models"),
        "saved" => System.IO.Path.Combine(Root, "interventions", "models"),
        "generation" => System.IO.Path.Combine(Root, WinsOverItsContents, "models"),
        "models" => GroupPath,
        _ => System.IO.Path.Combine(Root, "models"),
    };

    /// <summary>The folder that holds the groups.</summary>
    public string Root => System.IO.Path.GetDirectoryName(GroupPath) ?? GroupPath;

    /// <summary>Finds the group of a folder: the nearest group name in its full path, except that <c>training</c> wins over what lies inside it.</summary>
    /// <returns>The folder with its group, or null where no part of the path names one.</returns>
    public static GoldenFolder? Of(string path)
    {
        var full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        GoldenFolder? nearest = null;
        for (var at = full; !string.IsNullOrEmpty(at); at = System.IO.Path.GetDirectoryName(at))
        {
            var name = System.IO.Path.GetFileName(at);
            if (name == WinsOverItsContents) return new GoldenFolder(full, name, at);
            if (nearest is null && GroupNames.Contains(name)) nearest = new GoldenFolder(full, name, at);
        }

        return nearest;
    }
}
