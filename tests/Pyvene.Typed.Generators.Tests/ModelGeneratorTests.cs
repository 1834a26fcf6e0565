namespace Pyvene.Typed.Generators.Tests;

/// <summary>What the generator writes: one whole shipped descriptor, and one small one for every feature.</summary>
public sealed class ModelGeneratorTests
{
    [Fact]
    public Task Gpt2BecomesItsComponentsItsDescriptionAndItsCheckpoints() => Snapshot.Match(GeneratorRun.Of(DescriptorFile.Shipped("gpt2")));

    [Fact]
    public Task StacksBecomeClassesOfTheirOwn() => Snapshot.Match(GeneratorRun.Of(DescriptorFile.Read("stacks")));

    [Fact]
    public Task EveryStepOfAViewIsWritten() => Snapshot.Match(GeneratorRun.Of(DescriptorFile.Read("views")));

    [Fact]
    public Task AModelWithoutLayersHasComponentsOnly() => Snapshot.Match(GeneratorRun.Of(DescriptorFile.Read("images")));

    [Fact]
    public Task LayersInsideOfLayersAndComponentsThatNotEveryModelHasAreWritten() => Snapshot.Match(GeneratorRun.Of(DescriptorFile.Read("stages")));

    [Fact]
    public void FilesHaveNoCarriageReturnAndNoByteOrderMark()
    {
        var descriptor = DescriptorFile.Read("stacks");
        var onWindows = new DescriptorFile(descriptor.Path, descriptor.Content.Replace("\n", "\r\n", StringComparison.Ordinal));
        var result = GeneratorRun.Of(onWindows);
        Assert.All(result.GeneratedSources, source => Assert.DoesNotContain('\r', source.SourceText.ToString()));
        Assert.All(result.GeneratedSources, source => Assert.Empty(source.SourceText.Encoding!.GetPreamble()));
        Assert.Equal(GeneratorRun.Sources(GeneratorRun.Of(descriptor)), GeneratorRun.Sources(result));
    }

    [Fact]
    public void AProjectWithoutRootNamespaceGetsTheClassInTheGlobalOne()
    {
        var result = GeneratorRun.Single(Programs.Driver("", DescriptorFile.Read("images")).RunGenerators(Programs.Library()));
        Assert.DoesNotContain("namespace", result.GeneratedSources[0].SourceText.ToString(), StringComparison.Ordinal);
    }
}
