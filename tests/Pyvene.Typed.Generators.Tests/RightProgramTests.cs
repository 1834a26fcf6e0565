using Pyvene.Typed.Generators.Tests.Analysis;

namespace Pyvene.Typed.Generators.Tests;

/// <summary>
/// Programs as a researcher writes them, with loops, queries and methods of their own: each compiles, and no rule has anything to say. The first line of each
/// says what it is for.
/// </summary>
public sealed class RightProgramTests
{
    private static readonly string Folder = Path.Combine(Typed.Tests.Repository.Root, "tests", "Pyvene.Typed.Generators.Tests", "RightPrograms");

    public static TheoryData<string> Programs =>
        [.. Directory.GetFiles(Folder, "*.cs").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task ARightProgramCompiles(string name)
    {
        var source = await File.ReadAllTextAsync(Path.Combine(Folder, $"{name}.cs"));
        Assert.StartsWith("// ", source, StringComparison.Ordinal);
        Assert.Empty(await AnalyzedProgram.Of(source).Diagnose());
    }
}
