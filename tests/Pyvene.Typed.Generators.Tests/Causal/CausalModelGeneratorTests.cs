using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Pyvene.Typed.Generators.Tests.Causal;

/// <summary>What is written for causal models that are types, what an edit runs again, and that a wrong one costs no other.</summary>
public sealed class CausalModelGeneratorTests
{
    private const string Equality =
        """
        using Pyvene.Typed.Causal;
        using Whole = System.Int32;

        namespace Sample;

        /// <summary>Is what is compared.</summary>
        public enum Symbol
        {
            /// <summary>One.</summary>
            A,

            /// <summary>Another.</summary>
            B,
        }

        /// <summary>Is hierarchical equality.</summary>
        /// <param name="W">One.</param>
        /// <param name="X">Another.</param>
        [CausalModel]
        public sealed partial record Equality(Symbol W, Symbol X)
        {
            /// <summary>Gets how often.</summary>
            [Between(0, 2)]
            public Whole Count { get; init; }

            /// <summary>Gets the same.</summary>
            public bool WX => W == X;

            /// <summary>Gets both.</summary>
            public bool Both
            {
                get
                {
                    var text = @"two
            lines";
                    return WX && Count > (Whole)text.Length;
                }
            }
        }
        """;

    [Fact]
    public async Task VariablesRunsAndDataOfATypeAreWritten()
    {
        var result = Run(Programs.Library(Equality), out var output);
        await Snapshot.Match(result);
        Assert.Empty(output.GetDiagnostics().Where(diagnostic => diagnostic.Severity != DiagnosticSeverity.Hidden));
    }

    [Theory]
    [InlineData("One.", "Once.", IncrementalStepRunReason.Unchanged)]
    [InlineData("Gets both.", "Gets all.", IncrementalStepRunReason.Unchanged)]
    [InlineData("W == X;", "W != X;", IncrementalStepRunReason.Modified)]
    [InlineData("Between(0, 2)", "Between(0, 3)", IncrementalStepRunReason.Modified)]
    public void OnlyAChangeOfTheVariablesWritesAgain(string before, string after, IncrementalStepRunReason reason)
    {
        var program = Programs.Library(Equality);
        var driver = Driver().RunGenerators(program);
        var changed = program.ReplaceSyntaxTree(program.SyntaxTrees[0], Programs.Parse(Equality.Replace(before, after, StringComparison.Ordinal)));

        var result = GeneratorRun.Single(driver.RunGenerators(changed));

        Assert.Equal(reason, Assert.Single(GeneratorRun.Reasons(result, CausalModelGenerator.ModelStep)));
    }

    [Fact]
    public void PipelineHoldsNothingOfAProgram()
    {
        var steps = Run(Programs.Library(Equality), out _).TrackedSteps[CausalModelGenerator.ModelStep];
        Assert.All(steps.SelectMany(step => step.Outputs), made => GeneratorRun.AssertHoldsNoProgram(made.Value, []));
    }

    [Fact]
    public void AWrongModelCostsNoOther()
    {
        const string program =
            """
            using Pyvene.Typed.Causal;
            [CausalModel] internal sealed partial record Right(bool A) { public bool Not => !A; }
            [CausalModel] internal sealed record Whole(bool A) { public bool Not => !A; }
            [CausalModel] internal sealed partial record Circle(bool A) { public bool B => A && C; public bool C => B; }
            [CausalModel] internal sealed partial record Misspelt(bool A, bool B) { public bool Not => !AA; public bool Other => !B; }
            """;
        var files = Run(Programs.Library(program), out var output).GeneratedSources.Select(source => source.HintName);
        Assert.Equal(["Misspelt.CausalModel.g.cs", "Right.CausalModel.g.cs"], files.Order(StringComparer.Ordinal));
        var error = Assert.Single(output.GetDiagnostics(), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Equal(("CS0103", ""), (error.Id, error.Location.GetLineSpan().Path)); // said once, where it stands
    }

    [Fact]
    public void ModelsStandInTypesAndNamespacesOfAnyNames()
    {
        const string program =
            """
            namespace One { using Pyvene.Typed.Causal; namespace Two { partial class Outer { [CausalModel] internal sealed partial record Not(bool A) {
                public bool B => !A; } } } }
            namespace One.Two { partial class Outer { [Pyvene.Typed.Causal.CausalModel] internal sealed partial class not {
                public bool @class { get; init; } public required string @event { get; init; }
                public bool B => @class && @event.Length > 0 && this.@class; } } }
            """;
        var result = Run(Programs.Library(program), out var output);
        Assert.Equal(2, result.GeneratedSources.Length);
        Assert.Empty(output.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
    }

    private static GeneratorRunResult Run(CSharpCompilation program, out Compilation output) =>
        GeneratorRun.Single(Driver().RunGeneratorsAndUpdateCompilation(program, out output, out _));

    private static GeneratorDriver Driver() => CSharpGeneratorDriver.Create(
        [new CausalModelGenerator().AsSourceGenerator()],
        parseOptions: new CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.Diagnose),
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
}
