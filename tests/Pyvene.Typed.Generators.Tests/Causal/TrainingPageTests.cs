using System.Text.RegularExpressions;
using Pyvene.Typed.Generators.Tests.Analysis;

namespace Pyvene.Typed.Generators.Tests.Causal;

public sealed partial class TrainingPageTests
{
    [Fact]
    public async Task EveryProgramOfThePageCompilesByItself()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Typed.Tests.Repository.Root, "docs", "training.md"));
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
