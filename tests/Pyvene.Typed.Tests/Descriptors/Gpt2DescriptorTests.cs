using System.Text.Json;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Models;

namespace Pyvene.Typed.Tests.Descriptors;

/// <summary>The description of GPT-2 is, component by component, that of the reference implementation.</summary>
public sealed class Gpt2DescriptorTests
{
    public static TheoryData<string> Checkpoints => ["gpt2-lm", "gpt2-base", "gpt2-cls"];

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void EveryComponentOfTheReferenceIsDescribed(string checkpoint)
    {
        var folder = Path.Combine(Repository.Root, "tests", "golden", "models", checkpoint);
        using var reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "components.json")));
        var sizes = new ArchitectureSizes(Gpt2.Descriptor, ModelConfig.Parse(File.ReadAllText(Path.Combine(folder, "config.json")), "config.json"));
        var model = reference.RootElement.GetProperty("class").GetString()!;
        var described = Gpt2.Descriptor.Components.Where(component => component.Classes.Count == 0 || component.Classes.Contains(model));
        Assert.Equal(
            reference.RootElement.GetProperty("components").EnumerateArray().Select(entry => Reference(entry, sizes)).Order(StringComparer.Ordinal),
            described.Select(component => Described(component, Gpt2.Descriptor.Classes[model], sizes)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ChangedCopyHasComponentsOfItsOwn()
    {
        var all = Gpt2.Descriptor with { Key = "copied" };
        Assert.True(all.TryFindComponent("mlp_output", out _));
        Assert.False((all with { Components = [] }).TryFindComponent("mlp_output", out _));
        Assert.Equal(all, all with { }); // looking for something changes nothing
    }

    [Fact]
    public void FieldThatIsLeftOutIsWhatTheSizeSays()
    {
        Assert.Equal(50257, ArchitectureDescriptor.DefaultOf("gpt2", "vocab_size"));
        Assert.Null(ArchitectureDescriptor.DefaultOf("gpt2", "no_field"));
        Assert.Throws<ArgumentException>(() => ArchitectureDescriptor.DefaultOf("nothing", "vocab_size"));
    }

    [Fact]
    public void EverySizeThatAModelIsMadeFromShowsInItsShapes() => Assert.DoesNotContain("vocab", Mlp.Descriptor.Sizes.Keys);

    [Fact]
    public void PyveneKnowsSixteenOfThem() => Assert.Equal(16, Gpt2.Descriptor.Components.Count(component => component.PyveneName == component.Name));

    [Fact]
    public void TheArchitectureIsKnownByItsKey()
    {
        Assert.True(ArchitectureDescriptor.TryFind("gpt2", out var found));
        Assert.Same(Gpt2.Descriptor, found);
    }

    [Fact]
    public void ACheckpointKnowsItsSizes()
    {
        var medium = Gpt2.Descriptor.Checkpoints["Medium"];
        Assert.Equal((Gpt2.Medium.Hub, 24, 64, 4096), (medium.Hub, medium.Sizes["layers"], medium.Sizes["dHead"], medium.Sizes["dMlp"]));
    }

    [Fact]
    public void ALayerThatACheckpointLacksIsRefusedWithTheOnesThatItHas()
    {
        Assert.Equal(11, Gpt2.Small.Layer(11).Index.Value);
#pragma warning disable PVT202 // The rule finds in the editor what this test looks for at run time.
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Gpt2.Small.Layer(12));
        Assert.StartsWith("openai-community/gpt2 has the layers 0 to 11.", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Gpt2.Layer(-1));
#pragma warning restore PVT202
    }

    [Fact]
    public void LayersAreResolvedAgainstTheDepthOfAModel()
    {
        Assert.Equal([2, 3], Gpt2.Layers(^2..).Of(4).Select(layer => layer.Index.Value));
        Assert.Equal(4, Gpt2.AllLayers.Of(4).Count);
    }

    private static string Reference(JsonElement entry, ArchitectureSizes sizes) => Text(
        entry.GetProperty("component").GetString()!,
        entry.GetProperty("path").GetString()!.Replace("%s", "layer", StringComparison.Ordinal),
        entry.GetProperty("side").GetString()!,
        entry.TryGetProperty("tuple_index", out var item) && item.ValueKind == JsonValueKind.Number ? item.GetInt32() : 0,
        entry.GetProperty("transform")
            .EnumerateArray()
            .Select(step => string.Join(' ', step.EnumerateArray().Select(part => part.ToString() == "n_head" ? $"{sizes["heads"]}" : part.ToString()))),
        entry.GetProperty("dim_value").ToString(),
        entry.GetProperty("layers").ToString());

    private static string Described(ComponentDescriptor component, string prefix, ArchitectureSizes sizes) => Text(
        component.Name,
        component.Path.StartsWith('/') ? component.Path[1..] : prefix + component.Path,
        component.Side == HookSide.Input ? "input" : "output",
        component.Item,
        component.View.Select(step => step switch
        {
            ViewStep.Chunk chunk => $"chunk {chunk.Parts} {chunk.Index}",
            ViewStep.Heads heads => $"heads {sizes[heads.Count]}",
            _ => throw new InvalidOperationException($"GPT-2 needs no {step}."),
        }),
        component.Width is null ? "" : $"{sizes[component.Width]}",
        component.LayerCount is null ? "" : $"{sizes[component.LayerCount]}");

    private static string Text(string name, string path, string side, int item, IEnumerable<string> view, string width, string layers) =>
        $"{name}: {side} {item} of {path}, view [{string.Join(", ", view)}], width {width}, layers {layers}";
}
