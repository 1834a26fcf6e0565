using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Pyvene.Typed.Interventions;

namespace Pyvene.Typed.Tests.House;

/// <summary>The folders of the library are floors: docs/architecture.md.</summary>
public sealed partial class FloorTests
{
    // Lowest first.
    private static readonly string[][] Floors =
    [
        ["Errors"],
        ["Json", "Files", "Native", "Checkpoints", "Tokenization"],
        ["Causal", "Descriptors", "Models", "Interventions"],
        ["Components", "Generation"],
        ["Configuration"],
        ["Building"],
        ["Engine/Places"],
        ["Engine/Binding"],
        ["Engine/Lanes"],
        ["Engine/Hooks"],
        ["Engine/Passes"],
        ["Engine/Plans"],
        ["Analysis"],
        ["Running"],
        ["Training"],
    ];

    private static readonly SourceFolders Folders = new();

    // Loaded once; the references are those of signatures, attributes and bodies.
    private static readonly Lazy<ILookup<(string From, string To), string>> References = new(() =>
        new ArchLoader().LoadAssemblies(typeof(Intervention).Assembly).Build().Types
            .SelectMany(type => type.Dependencies.Where(dependency => dependency.Target is not GenericParameter).Select(dependency => // TRow is no type
                (From: Folders.Of(type.FullName), To: Folders.Of(dependency.Target.FullName), Words: $"{type.Name} names {dependency.Target.Name}")))
            .Where(reference => reference is { From: not null, To: not null })
            .Select(reference => (From: RoomOf(reference.From!), To: RoomOf(reference.To!), reference.Words))
            .Where(reference => reference.From != reference.To)
            .Distinct()
            .ToLookup(reference => (reference.From, reference.To), reference => reference.Words));

    [Fact]
    public void EveryFolderHasAFloor() => Assert.DoesNotContain(Folders.All.Select(RoomOf), room => FloorOf(room) < 0);

    [Fact]
    public void NothingNamesWhatLiesAboveIt()
    {
        Assert.Contains(References.Value, reference => reference.Key == ("Running", "Engine/Plans")); // so the look sees something
        Assert.Empty(References.Value.Where(reference => FloorOf(reference.Key.From) < FloorOf(reference.Key.To)).SelectMany(Said));
    }

    [Fact]
    public void NoTwoFoldersOfAFloorNameEachOtherInACircle()
    {
        var reached = References.Value.Select(reference => reference.Key).ToHashSet();
        while (reached.SelectMany(one => reached.Where(other => one.To == other.From).Select(other => (one.From, other.To)))
            .Where(pair => !reached.Contains(pair))
            .ToArray() is { Length: > 0 } more)
        {
            reached.UnionWith(more);
        }

        Assert.Empty(References.Value.Where(reference => reached.Contains((reference.Key.To, reference.Key.From))).SelectMany(Said));
    }

    [Fact]
    public void NoCommentNamesATypeThatLiesAboveIt()
    {
        var root = Path.Combine(Repository.Root, "src", "Pyvene.Typed");
        var seen = 0;
        var wrong = new List<string>();
        foreach (var path in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            var folder = Path.GetDirectoryName(Path.GetRelativePath(root, path))!.Replace('\\', '/');
            foreach (Match reference in Reference().Matches(folder.Split('/')[0] is "obj" or "bin" ? "" : File.ReadAllText(path)))
            {
                seen++;
                var name = reference.Groups[1].Value.Split('.');
                // The first part that is the name of one type alone; what follows is its member.
                var above = name.SelectMany(part => Folders.Named(part).Take(2).ToArray() is [var only] ? [only] : Array.Empty<string>()).FirstOrDefault();
                if (above is not null && FloorOf(RoomOf(above)) > FloorOf(RoomOf(folder)))
                {
                    wrong.Add($"{folder}/{Path.GetFileName(path)}: {reference.Value}");
                }
            }
        }

        Assert.True(seen > 500, $"only {seen} references were seen");
        Assert.Empty(wrong);
    }

    private static IEnumerable<string> Said(IGrouping<(string From, string To), string> reference) =>
        reference.Select(words => $"{reference.Key.From} → {reference.Key.To}: {words}");

    private static string RoomOf(string folder) =>
        folder.StartsWith("Engine/", StringComparison.Ordinal) ? string.Join('/', folder.Split('/')[..2]) : folder.Split('/')[0];

    private static int FloorOf(string room) => Array.FindIndex(Floors, floor => floor.Contains(room));

    [GeneratedRegex("cref=\"([\\w.]+)")]
    private static partial Regex Reference();
}
