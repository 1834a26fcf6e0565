using Microsoft.CodeAnalysis;

namespace Pyvene.Typed.Generators.Tests;

/// <summary>What an edit runs again. That an edit of the program runs nothing is checked in every test of the generator.</summary>
public sealed class IncrementalityTests
{
    private static readonly DescriptorFile[] Descriptors = [DescriptorFile.Shipped("gpt2"), DescriptorFile.Read("images")];

    [Fact]
    public void LayoutOnlyEditEmitsNothing()
    {
        var result = RunAgainWith(Descriptors[1].With("\"summary\"", "\n\n  \"summary\""));
        Assert.All(GeneratorRun.Reasons(result, ModelGeneratorSteps.Model), AssertKept);
        Assert.All(Emitted(result), AssertKept);
    }

    [Fact]
    public void AnEditOfOneDescriptorEmitsThatModelAlone()
    {
        var result = RunAgainWith(Descriptors[1].With("stem_output", "trunk_output"));
        Assert.Single(GeneratorRun.Reasons(result, ModelGeneratorSteps.Model), IncrementalStepRunReason.Modified);
        Assert.Single(Emitted(result), IncrementalStepRunReason.Modified);
        Assert.Contains(result.GeneratedSources, source => source.SourceText.ToString().Contains("TrunkOutput", StringComparison.Ordinal));
    }

    [Fact]
    public void AnErrorInOneDescriptorKeepsTheOtherModel()
    {
        var result = RunAgainWith(Descriptors[1].With("\"side\": \"output\"", "\"side\": \"inside\""));
        Assert.Single(result.Diagnostics);
        Assert.All(result.GeneratedSources, source => Assert.StartsWith("Gpt2.", source.HintName, StringComparison.Ordinal));
        Assert.Single(GeneratorRun.Reasons(result, ModelGeneratorSteps.Model), IncrementalStepRunReason.Unchanged);
    }

    [Fact]
    public void AnotherRootNamespaceEmitsEveryModel()
    {
        var compilation = Programs.Library();
        var result = GeneratorRun.Single(Programs.Driver("Sample", Descriptors)
            .RunGenerators(compilation)
            .WithUpdatedAnalyzerConfigOptions(new ProjectOptions("Other"))
            .RunGenerators(compilation));
        Assert.Equal(Descriptors.Length, Emitted(result).Count(reason => reason == IncrementalStepRunReason.Modified));
    }

    private static GeneratorRunResult RunAgainWith(DescriptorFile edited)
    {
        var compilation = Programs.Library();
        var driver = Programs.Driver("Sample", Descriptors).RunGenerators(compilation);
        return GeneratorRun.Single(driver.ReplaceAdditionalText(Descriptors[1], edited).RunGenerators(compilation));
    }

    // Both outputs of the generator are here, and only one of them writes files.
    private static IEnumerable<IncrementalStepRunReason> Emitted(GeneratorRunResult result) => result.TrackedOutputSteps
        .SelectMany(step => step.Value)
        .Where(step => step.Inputs.Any(input => input.Source.Name == ModelGeneratorSteps.Model))
        .SelectMany(step => step.Outputs)
        .Select(output => output.Reason);

    private static void AssertKept(IncrementalStepRunReason reason) =>
        Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"It ran again: {reason}.");
}
