using Pyvene.Typed.Conformance;

namespace Pyvene.Typed.Tests.Conformance;

/// <summary>Finds golden data: the part in the repository, and the whole collection where it lies beside the checkout.</summary>
internal static class GoldenRoots
{
    /// <summary>The folder of the repository's own golden data.</summary>
    public static string Own { get; } = Path.Combine(Repository.Root, "tests", "golden");

    /// <summary>The folder of the whole collection; it need not exist.</summary>
    public static string Shared { get; } = Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "golden"));

    /// <summary>Lists the case folders below a root, relative to it; none where it does not exist.</summary>
    public static IEnumerable<string> Leaves(string root) => !Directory.Exists(root) ? []
        : LeafFolders.Below(root, (folder, why) => throw new IOException($"{folder}: {why}")).Select(leaf => Path.GetRelativePath(root, leaf));
}
