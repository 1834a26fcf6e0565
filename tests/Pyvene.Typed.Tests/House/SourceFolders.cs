using System.Text.RegularExpressions;

namespace Pyvene.Typed.Tests.House;

/// <summary>Knows in which folder of the library a type is written: several folders share a namespace.</summary>
internal sealed partial class SourceFolders
{
    private readonly Dictionary<string, string> folders = new(StringComparer.Ordinal); // Pyvene.Typed.Engine.Lane: Engine/Lanes

    public SourceFolders()
    {
        var root = Path.Combine(Repository.Root, "src", "Pyvene.Typed");
        foreach (var path in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            var folder = Path.GetDirectoryName(Path.GetRelativePath(root, path))!.Replace('\\', '/');
            if (folder.Split('/')[0] is "obj" or "bin")
            {
                continue;
            }

            var text = File.ReadAllText(path);
            var name = Namespace().Match(text).Groups[1].Value;
            foreach (Match type in TypeName().Matches(text))
            {
                folders[$"{name}.{type.Groups[1].Value}"] = folder;
            }
        }
    }

    /// <summary>All folders that have types.</summary>
    public IEnumerable<string> All => folders.Values.Distinct();

    /// <summary>The folder of a type, or null when it is generated.</summary>
    /// <param name="fullName">The type's full name, such as <c>Pyvene.Typed.Axis`2</c> or that of a type in it.</param>
    public string? Of(string fullName) => folders.GetValueOrDefault(Generic().Replace(fullName.Split('+', '/', '<')[0], ""));

    /// <summary>The folders of the types with a name, in whichever namespace.</summary>
    public IEnumerable<string> Named(string name) =>
        folders.Where(type => type.Key.EndsWith($".{name}", StringComparison.Ordinal)).Select(type => type.Value).Distinct();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    // Types that stand in the namespace itself are not indented.
    [GeneratedRegex(
        @"^(?:(?:public|internal|file|static|sealed|abstract|readonly|ref|partial|unsafe) )*"
            + @"(?:class|record struct|record|struct|interface|enum|delegate [\w<>?\[\], ]+) (\w+)",
        RegexOptions.Multiline)]
    private static partial Regex TypeName();

    [GeneratedRegex("`[0-9]+$")]
    private static partial Regex Generic();
}
