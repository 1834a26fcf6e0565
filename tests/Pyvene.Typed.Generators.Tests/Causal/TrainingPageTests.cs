using System.Text.RegularExpressions;
using Pyvene.Typed.Generators.Tests.Analysis;

namespace Pyvene.Typed.Generators.Tests.Causal;

public sealed partial class TrainingPageTests
{
    [Theory]
    [InlineData("training.md")]
    [InlineData("own-interventions.md")]
    public async Task EveryProgramOfThePageCompilesByItself(string name)
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Typed.Tests.Repository.Root, "docs", name));
        var programs = CodeBlock().Matches(page).Select(match => match.Groups[1].Value).ToArray();
        Assert.NotEmpty(programs);
        foreach (var program in programs)
        {
            await Rule.FindsNothingAsItStands(program);
        }
    }

    [GeneratedRegex("```csharp\\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
