using System.Text.RegularExpressions;
using Pyvene.Typed.Generators.Tests.Analysis;

namespace Pyvene.Typed.Generators.Tests.Causal;

public sealed partial class CausalModelPageTests
{
    [Fact]
    public async Task TheProgramsOfThePageAreOneProgramThatCompiles()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Typed.Tests.Repository.Root, "docs", "causal-models.md"));
        var blocks = CodeBlock().Matches(page).Select(match => match.Groups[1].Value).ToArray();
        Assert.Contains(blocks, block => block.Contains("[CausalModel]", StringComparison.Ordinal));
        var ordered = blocks.OrderBy(block => block.Contains("[CausalModel]", StringComparison.Ordinal)); // types come last in a program
        await Rule.FindsNothing("using Pyvene.Typed.Training;\n" + string.Join("\n", ordered));
    }

    [GeneratedRegex("```csharp\\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
