using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Pyvene.Typed.Generators.Tests.Modules;

/// <summary>What is written, what an edit runs again, and that the pipeline keeps nothing of a program.</summary>
public sealed class InterventionModelGeneratorTests
{
    private const string Net =
        """
        using Pyvene.Typed;
        using TorchSharp.Modules;
        using static TorchSharp.torch;

        namespace Sample;

        /// <summary>Is a module.</summary>
        [InterventionModel]
        public partial class MyNet() : nn.Module<Tensor, Tensor>("net")
        {
            private readonly Linear fc1 = nn.Linear(2, 2);
            private readonly ModuleList<Linear> blocks = nn.ModuleList(nn.Linear(2, 2));
            [Component(Heads = 2, Summary = "Values & more.")] private readonly Linear value = nn.Linear(2, 2);
            [Component(Axes = "batch, width")] private readonly Linear pooled = nn.Linear(2, 2);
            [Component(Axes = "batch, sense, position, dModel")] private readonly Identity senses = nn.Identity();
            [Component(Axes = "batch, position, head, dHead")] private readonly Identity split = nn.Identity();

            /// <inheritdoc/>
            public override Tensor forward(Tensor input) => pooled.call(value.call(blocks[0].call(fc1.call(input))));
        }
        """;

    [Fact]
    public async Task ComponentsOfAModuleAreWritten()
    {
        var result = Run(Programs.Library(Net), out var output);
        await Snapshot.Match(result);
        Assert.Empty(output.GetDiagnostics().Where(diagnostic => diagnostic.Severity != DiagnosticSeverity.Hidden));
    }

    [Theory]
    [InlineData("fc1.call(input)", "fc1.call(fc1.call(input))", IncrementalStepRunReason.Unchanged)]
    [InlineData("private readonly Linear fc1", "private readonly Linear fc2", IncrementalStepRunReason.Modified)]
    [InlineData("nn.Linear(2, 2);", "nn.Linear(2, 2); // two", IncrementalStepRunReason.Unchanged)]
    public void OnlyAChangeOfTheFieldsWritesAgain(string before, string after, IncrementalStepRunReason reason)
    {
        var program = Programs.Library(Net);
        var driver = Driver().RunGenerators(program);
        var changed = program.ReplaceSyntaxTree(program.SyntaxTrees[0], Programs.Parse(Net.Replace(before, after, StringComparison.Ordinal)));

        var result = GeneratorRun.Single(driver.RunGenerators(changed));

        Assert.Equal(reason, Assert.Single(GeneratorRun.Reasons(result, InterventionModelGenerator.ModuleStep)));
    }

    [Fact]
    public void PipelineHoldsNothingOfAProgram()
    {
        var steps = Run(Programs.Library(Net), out _).TrackedSteps[InterventionModelGenerator.ModuleStep];
        Assert.All(steps.SelectMany(step => step.Outputs), made => GeneratorRun.AssertHoldsNoProgram(made.Value, []));
    }

    private static GeneratorRunResult Run(CSharpCompilation program, out Compilation output) =>
        GeneratorRun.Single(Driver().RunGeneratorsAndUpdateCompilation(program, out output, out _));

    private static GeneratorDriver Driver() => CSharpGeneratorDriver.Create(
        [new InterventionModelGenerator().AsSourceGenerator()],
        parseOptions: new CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.Diagnose),
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
}
