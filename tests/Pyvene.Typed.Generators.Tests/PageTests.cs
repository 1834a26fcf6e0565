using System.Text.RegularExpressions;
using Pyvene.Typed.Generators.Tests.Analysis;

namespace Pyvene.Typed.Generators.Tests;

public sealed partial class PageTests
{
    [Theory]
    [InlineData("alignments.md")]
    [InlineData("own-interventions.md")]
    [InlineData("training.md")]
    public async Task EveryProgramOfAPageCompilesByItself(string page)
    {
        var programs = ProgramsOf(await File.ReadAllTextAsync(Path.Combine(Typed.Tests.Repository.Root, "docs", page)));
        Assert.NotEmpty(programs);
        foreach (var program in programs) await Rule.FindsNothingAsItStands(program);
    }

    [Fact]
    public async Task TheProgramsOfCausalModelsAreOneProgramThatCompiles()
    {
        var blocks = ProgramsOf(await File.ReadAllTextAsync(Path.Combine(Typed.Tests.Repository.Root, "docs", "causal-models.md")));
        Assert.Contains(blocks, block => block.Contains("[CausalModel]", StringComparison.Ordinal));
        var ordered = blocks.OrderBy(block => block.Contains("[CausalModel]", StringComparison.Ordinal)); // types come last in a program
        await Rule.FindsNothing("using Pyvene.Typed.Training;\n" + string.Join("\n", ordered));
    }

    private static string[] ProgramsOf(string page) => [.. CodeBlock().Matches(page).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("```csharp\\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
