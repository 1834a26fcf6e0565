using System.Text.RegularExpressions;
using Pyvene.Typed.Generators.Tests.Analysis;

namespace Pyvene.Typed.Generators.Tests;

public sealed partial class PageTests
{
    private static readonly string Folder = Path.Combine(Typed.Tests.Repository.Root, "docs");

    // The programs of these are parts of one.
    private static readonly string[] Whole = ["causal-models.md", "descriptors.md"];

    public static TheoryData<string> Pages =>
        new(Directory.GetFiles(Folder, "*.md").Select(path => Path.GetFileName(path)).Except(Whole).Where(page => ProgramsOf(Read(page)).Length > 0));

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task EveryProgramOfAPageCompilesByItself(string page)
    {
        foreach (var program in ProgramsOf(Read(page))) await Rule.FindsNothingAsItStands(program);
    }

    [Fact]
    public async Task TheArchitectureOfThePageOfDescriptorsCompilesWithItsDescriptor()
    {
        var page = Read("descriptors.md");
        var descriptor = DescriptorBlock().Match(page).Groups[1].Value;
        var programs = ProgramsOf(page);
        Assert.Equal(3, programs.Length);
        await Rule.FindsNothingAsItStands(UsingsFirst(programs[1], programs[0]), new DescriptorFile("tiny_mixer.pyvene.json", descriptor));
        await Rule.FindsNothingAsItStands(programs[2]);
    }

    [Fact]
    public async Task TheProgramsOfCausalModelsAreOneProgramThatCompiles()
    {
        var blocks = ProgramsOf(Read("causal-models.md"));
        Assert.Contains(blocks, block => block.Contains("[CausalModel]", StringComparison.Ordinal));
        var ordered = blocks.OrderBy(block => block.Contains("[CausalModel]", StringComparison.Ordinal)); // types come last in a program
        await Rule.FindsNothing("using Pyvene.Typed.Training;\n" + string.Join("\n", ordered));
    }

    // Two files of one program, in one text.
    private static string UsingsFirst(params string[] files)
    {
        var lines = files.SelectMany(file => file.Split('\n')).ToLookup(line => line.TrimStart().StartsWith("using ", StringComparison.Ordinal)
            && !line.Contains('=', StringComparison.Ordinal));
        return string.Join('\n', lines[true].Select(line => line.Trim()).Distinct().Concat(lines[false]));
    }

    private static string Read(string page) => File.ReadAllText(Path.Combine(Folder, page));

    private static string[] ProgramsOf(string page) => [.. CodeBlock().Matches(page).Select(match => FileDirective().Replace(match.Groups[1].Value, ""))];

    [GeneratedRegex("^#:.*\\n", RegexOptions.Multiline)] // what a program of one file says to the command that runs it
    private static partial Regex FileDirective();

    [GeneratedRegex(" *```csharp\\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("```json\\n(.*?\"tiny_mixer\".*?)```", RegexOptions.Singleline)]
    private static partial Regex DescriptorBlock();
}
