using System.Collections;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Pyvene.Typed.Generators.Tests;

/// <summary>
/// Runs the generator as every test of it must: twice, the second time behind an edit that does not concern it, so that no step runs for nothing; and with a
/// look at all that the pipeline keeps, so that nothing holds a compilation in memory.
/// </summary>
internal static class GeneratorRun
{
    private static readonly string[] Steps =
        [.. typeof(ModelGeneratorSteps).GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(field => (string)field.GetRawConstantValue()!)];

    /// <summary>Runs the generator on good descriptors; what it writes must compile without a warning.</summary>
    public static GeneratorRunResult Of(params IEnumerable<DescriptorFile> descriptors)
    {
        var result = Twice(descriptors, out var output);
        Assert.Empty(result.Diagnostics);
        Assert.Empty(output.GetDiagnostics().Where(diagnostic => diagnostic.Severity != DiagnosticSeverity.Hidden));
        return result;
    }

    /// <summary>Runs the generator on any descriptors.</summary>
    public static GeneratorRunResult Twice(IEnumerable<DescriptorFile> descriptors, out Compilation output)
    {
        var compilation = Programs.Library();
        var driver = Programs.Driver("Sample", descriptors).RunGeneratorsAndUpdateCompilation(compilation, out output, out _);
        var first = Single(driver);
        var second = Single(driver.RunGenerators(compilation.AddSyntaxTrees(Programs.Parse("internal static class Unrelated;"))));
        foreach (var step in Steps)
        {
            Assert.True(first.TrackedSteps.ContainsKey(step) || first.GeneratedSources.IsEmpty, $"Step {step} has not run.");
            Assert.All(Reasons(second, step), reason =>
                Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{step} ran again: {reason}."));
            Assert.All(first.TrackedSteps.GetValueOrDefault(step, []).SelectMany(run => run.Outputs), made => AssertHoldsNoProgram(made.Value, []));
        }

        Assert.Equal(Sources(first), Sources(second));
        return first;
    }

    /// <summary>Why the outputs of a step were made or not.</summary>
    public static IEnumerable<IncrementalStepRunReason> Reasons(GeneratorRunResult result, string step) =>
        result.TrackedSteps.GetValueOrDefault(step, []).SelectMany(run => run.Outputs).Select(output => output.Reason);

    public static GeneratorRunResult Single(GeneratorDriver driver)
    {
        var result = Assert.Single(driver.GetRunResult().Results);
        Assert.Null(result.Exception);
        return result;
    }

    public static IEnumerable<(string Hint, string Text)> Sources(GeneratorRunResult result) =>
        result.GeneratedSources.Select(source => (source.HintName, source.SourceText.ToString()));

    public static void AssertHoldsNoProgram(object? node, HashSet<object> seen)
    {
        if (node is null || node.GetType().IsPrimitive || node is string || !seen.Add(node)) return;
        Assert.False(node is Compilation or ISymbol or SyntaxNode or SyntaxTree or Location or Diagnostic, $"The pipeline holds a {node.GetType()}.");
        if (node is IEnumerable items)
        {
            foreach (var item in items) AssertHoldsNoProgram(item, seen);
            return;
        }

        foreach (var field in node.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            AssertHoldsNoProgram(field.GetValue(node), seen);
        }
    }
}
