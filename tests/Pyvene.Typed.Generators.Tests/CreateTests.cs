using Pyvene.Typed.Generators.Emission;
using Pyvene.Typed.Models;

namespace Pyvene.Typed.Generators.Tests;

/// <summary>Which architectures get <c>Create</c>, and with which parameters.</summary>
public sealed class CreateTests
{
    [Fact]
    public void TheGeneratorKnowsTheClassesThatTheLibraryHas() =>
        Assert.Equal(
            ModelLoader.ClassNames.Where(name => name != "Sequential").Order(StringComparer.Ordinal), BuildableClasses.Names.Order(StringComparer.Ordinal));

    [Fact]
    public void ADescriptorOfOnesOwnWithAClassOfOnesOwnCannotBeMade() =>
        Assert.DoesNotContain("Create(", Components(DescriptorFile.Read("stacks")), StringComparison.Ordinal);

    [Fact]
    public void SizesThatFollowFromOthersOrAreElementsOfListsAreNoParameters()
    {
        var text = Components(DescriptorFile.Shipped("resnet"));
        Assert.Contains(
            "[(\"depths\", blocks), (\"embedding_size\", dEmbedding), (\"hidden_sizes\", dStage), (\"num_labels\", labels)]",
            text,
            StringComparison.Ordinal);
        Assert.Contains("global::System.Collections.Generic.IReadOnlyList<int>? blocks = null,", text, StringComparison.Ordinal);
        Assert.DoesNotContain("dHead", Components(DescriptorFile.Shipped("gpt_neox")).Split("Create(")[1].Split(';')[0], StringComparison.Ordinal);
    }

    [Fact]
    public void SizesMayHaveTheNamesOfKeywordsAndOfOtherParameters()
    {
        var text = Components(DescriptorFile.Shipped("gru")
            .With("\"labels\": \"n_labels=2\"", "\"long\": \"n_labels=2\", \"seed\": \"max_position_embeddings\", \"again\": \"n_labels\""));
        Assert.Contains(
            "[(\"n_layer\", layers), (\"h_dim\", dModel), (\"n_labels\", @long), (\"vocab_size\", vocab)], seed, device, dtype);",
            text,
            StringComparison.Ordinal);
    }

    private static string Components(DescriptorFile descriptor) =>
        GeneratorRun.Of(descriptor).GeneratedSources
            .Single(source => source.HintName.EndsWith("Components.g.cs", StringComparison.Ordinal)).SourceText
            .ToString();
}
