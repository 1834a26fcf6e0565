using Microsoft.CodeAnalysis;

namespace Pyvene.Typed.Generators.Tests;

/// <summary>What the compiler refuses is the product: each promise of the typed surface as a program that must not compile, beside its twin that must.</summary>
public sealed class CompiledPromiseTests
{
    private const string Setup =
        """
        using Pyvene.Typed;
        using Sample;
        internal static class Program
        {
            internal static void Main(LanguageModel<Gpt2> model)
            {
                // here
            }
        }
        """;

    [Theory]
    [InlineData("a site of the architecture", "_ = Gpt2.Experiment.Zero(Gpt2.Layer(0).MlpOutput);", null)]
    [InlineData("a site of another architecture", "_ = Gpt2.Experiment.Zero(Toy.Layer(0).MlpOutput);", "CS0619")]
    [InlineData("a source site of another architecture", "_ = Gpt2.Experiment.Interchange(Toy.Layer(0).MlpOutput.At(0));", "CS0619")]
    [InlineData("a handle of the architecture", "var e = Gpt2.Experiment.Collect(Gpt2.Layer(0).MlpOutput, out var h); using var run = model.Run(e, \"a\"); _ = run[h];", null)]
    [InlineData("a handle of another architecture", "var e = Toy.Experiment.Collect(Toy.Layer(0).MlpOutput, out var h); using var run = model.Run(Gpt2.Experiment, \"a\"); _ = run[h];", "CS1503")]
    [InlineData("an experiment on another architecture", "using var run = model.Run(Toy.Experiment, \"a\");", "CS1503")]
    [InlineData("as many sources as the experiment reads", "using var run = model.Run(Gpt2.Experiment.Interchange(Gpt2.Layer(0).MlpOutput.At(0)), \"a\", \"b\");", null)]
    [InlineData("too few sources", "using var run = model.Run(Gpt2.Experiment.Interchange(Gpt2.Layer(0).MlpOutput.At(0)), \"a\");", "CS1503")]
    [InlineData("too many sources", "using var run = model.Run(Gpt2.Experiment.Interchange(Gpt2.Layer(0).MlpOutput.At(0)), \"a\", \"b\", \"c\");", "CS1503")]
    [InlineData("a second source without a first", "_ = Gpt2.Experiment.Interchange(Gpt2.Layer(0).MlpOutput.At(0).From(Source.Second));", "CS0619")]
    [InlineData("a head of a head component", "_ = Gpt2.Layer(0).HeadQueryOutput.Head(1);", null)]
    [InlineData("a head where one is chosen", "_ = Gpt2.Layer(0).HeadQueryOutput.Head(1).Head(2);", "CS1061")]
    [InlineData("a head of a component without heads", "_ = Gpt2.Layer(0).MlpOutput.Head(1);", "CS1061")]
    [InlineData("a key/value head of key/value heads", "_ = ToyViews.Layer(0).Key.KeyValueHead(1).At(0);", null)]
    [InlineData("a query head of key/value heads", "_ = ToyViews.Layer(0).Key.Head(1);", "CS1061")]
    [InlineData("a position of attention weights", "_ = Gpt2.Layer(0).AttentionWeight.At(1);", "CS1061")]
    [InlineData("a query of attention weights", "_ = Gpt2.Layer(0).AttentionWeight.Query(1);", null)]
    [InlineData("a component that does not exist", "_ = Gpt2.Layer(0).MlpOuput;", "CS1061")]
    [InlineData("an architecture as an object", "_ = new Gpt2();", "CS1729")]
    [InlineData("a loop that keeps the type", "var e = Gpt2.Experiment.Interchange(Gpt2.Layer(0).MlpOutput); for (var i = 1; i < 4; i++) e = e.Interchange(Gpt2.Layer(i).MlpOutput);", null)]
    public void TheCompilerDecides(string what, string statement, string? error)
    {
        var program = Programs.Library(Setup.Replace("// here", statement, StringComparison.Ordinal));
        Programs.Driver("Sample", new DescriptorFile("toy.pyvene.json", DiagnosticCases.Good), DescriptorFile.Read("views")).RunGeneratorsAndUpdateCompilation(program, out var output, out _);
        var errors = output.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.Id).Distinct();
        Assert.True(error is null ? !errors.Any() : errors.Contains(error), $"{what}: expected {error ?? "no error"}, but got {string.Join("; ", output.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))}.");
    }
}
