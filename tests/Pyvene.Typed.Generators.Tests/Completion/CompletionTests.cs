using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Generators.Parsing;

namespace Pyvene.Typed.Generators.Tests.Completion;

/// <summary>What an editor offers while an experiment is written: at each step what may follow, and nothing that may not.</summary>
public sealed class CompletionTests
{
    private const string Program =
        """
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using Pyvene.Typed;

        using var model = Gpt2.Load("models/primer");
        using var plan = model.Bind(Gpt2.Experiment);
        using var run = model.Run(Gpt2.Experiment, "The capital of Spain is");
        _ = $$;
        """;

    private const string OwnModule =
        """
        using System;
        using Pyvene.Typed;
        using TorchSharp.Modules;
        using static TorchSharp.torch;

        using var net = new MyNet();
        using var plan = Experiment.On<MyNet>().Bind(net);
        using var result = plan.Run(randn(2, 4));
        _ = $$;

        [InterventionModel]
        internal sealed partial class MyNet() : nn.Module<Tensor, Tensor>("net")
        {
            private readonly ModuleList<Block> blocks = nn.ModuleList(new Block(), new Block());
            [Component(Axes = "batch, label")] private readonly Linear head = nn.Linear(4, 3);
            public override Tensor forward(Tensor input) => input;
        }

        [InterventionModel]
        internal sealed partial class Block() : nn.Module<Tensor, Tensor>("block")
        {
            private readonly Linear up = nn.Linear(4, 4);
            [Component(Heads = 2)] private readonly Linear value = nn.Linear(4, 4);
            public override Tensor forward(Tensor input) => input;
        }
        """;

    /// <summary>The architectures that ship and have layers.</summary>
    public static TheoryData<string> Architectures => [.. typeof(Gpt2).Assembly.GetTypes()
        .Where(type => type.IsAssignableTo(typeof(IArchitecture)) && type.IsClass && type.GetMethod("Layer") is not null)
        .Select(type => type.Name)];

    [Theory]
    [InlineData("Gpt2.Layer(4).MlpOutput.", "At During Features From")]
    [InlineData("Gpt2.Layer(4).MlpOutput.At(^1).", "During Features From ReadAt")]
    [InlineData("Gpt2.Layer(4).MlpOutput.At(^1).From(Source.Second).", "")]
    [InlineData("Gpt2.Layer(4).MlpOutput.Features(0..4).", "At During Features From")]
    [InlineData("Gpt2.Layer(4).MlpOutput.During(Steps.Each).", "At During Features From")]
    [InlineData("Gpt2.Layer(4).MlpActivation.", "At During Features From Neuron Neurons")]
    [InlineData("Gpt2.Layer(4).MlpActivation.Neuron(17).", "At During Features From")]
    [InlineData("Gpt2.Layer(4).HeadAttentionValueOutput.", "At During Features From Head Heads")]
    [InlineData("Gpt2.Layer(4).HeadAttentionValueOutput.Head(3).", "At During Features From ReadHeads")]
    [InlineData("Gpt2.Layer(4).HeadAttentionValueOutput.Head(3).At(^1).", "During Features From ReadAt")]
    [InlineData("Gpt2.Layer(4).HeadAttentionValueOutput.At(^1).", "During Features From Head Heads ReadAt")]
    [InlineData("Gpt2.Layer(4).AttentionWeight.", "During Features From Head Heads Query")]
    [InlineData("Gpt2.Layer(4).AttentionWeight.Head(3).", "During Features From Query ReadHeads")]
    [InlineData("Gpt2.Layer(4).AttentionWeight.Query(^1).", "During Features From Head Heads ReadAt")]
    [InlineData("Backpack.SenseNetworkOutput.", "At During Features From Sense Senses")]
    [InlineData("Backpack.SenseNetworkOutput.Sense(1).", "At During Features From ReadSenses")]
    [InlineData("Llama.Layer(4).HeadKeyOutput.", "At During Features From KeyValueHead KeyValueHeads")]
    [InlineData("Llama.Layer(4).HeadKeyOutput.KeyValueHead(1).", "At During Features From ReadKeyValueHeads")]
    [InlineData("Llama.Layer(4).HeadKeyOutput.At(^1).", "During Features From KeyValueHead KeyValueHeads ReadAt")]
    [InlineData("Gru.Layer(0).CellOutput.", "AtStep Features From")]
    [InlineData("Gru.Layer(0).CellOutput.AtStep(^1).", "Features From ReadAt")]
    [InlineData("ResNet.PoolerOutput.", "Features From")]
    [InlineData("Gpt2.Layers(4..8).", "By Of On")]
    [InlineData("Gpt2.AllHeads.", "By Of On")]
    [InlineData("Gpt2.AllLayers.By(Positions.All).", "By")]
    [InlineData(
        "Gpt2.Experiment.",
        "Add Apply AsModule Bind Collect CollectGate CollectInside HandleOf InParallel InSeries Interchange Load Subtract ToConfig With WithSources Zero")]
    [InlineData("Experiment.", "On")]
    [InlineData("Experiment.On<Gpt2>().",
        "Add Apply AsModule Bind Collect CollectGate CollectInside HandleOf InParallel InSeries Interchange Load Subtract ToConfig With WithSources Zero")]
    [InlineData("Gpt2.Experiment.ToConfig().", "Architecture Interventions Mode Save Sources ToJson WithConstants")]
    [InlineData("Gpt2.Experiment.Interchange(Gpt2.Layer(4).MlpOutput).",
        "Add Apply AsModule Bind Collect CollectGate CollectInside HandleOf InParallel InSeries Interchange Load Subtract ToConfig With Zero")]
    [InlineData("Source.", "At First Fourth Second Skip Third")]
    [InlineData("Positions.", "All Columns In Marked Of OfText OfTexts PerExample")]
    [InlineData("Heads.", "In Of PerExample")]
    [InlineData("Features.", "In Of PerExample")]
    [InlineData("Steps.", "At Each In Prompt")]
    [InlineData("Steps.Prompt.", "And Chosen Includes IncludesEach IncludesPrompt")]
    [InlineData("Axis.", "By DecoderPositions EncoderPositions Of")]
    [InlineData("Partition.", "Even Of")]
    [InlineData(
        "run.",
        "CleanLogits Dispose Gradient Gradients LastHiddenState Lengths Logits LogitsAt Mask Measure Probability Receipts SaveCollected this TopTokens")]
    [InlineData("plan.", "Dispose Explain Run")]
    [InlineData(
        "model.",
        "Architecture Attribution Bind Dispose Generate Grid HeadCount HeadScores HiddenSize KeyValueHeadCount LayerCount Lens Module RepeatedTokens Run "
            + "StreamAsync Sweep SweepAsync Tokenizer Unread")]
    public async Task AStepIsFollowedBy(string step, string expected)
    {
        var suggestions = await After(step);
        Assert.Equal(expected, string.Join(' ', Names(suggestions)));
        Assert.All(suggestions, AssertSummary);
    }

    [Theory]
    [InlineData("model.Sweep(Gpt2.AllLayers.By(Gpt2.AllHeads), at => Gpt2.Experiment.Zero(at.$$", "First Second")]
    [InlineData("model.Sweep(Gpt2.AllLayers.By(Gpt2.AllHeads), at => Gpt2.Experiment.Zero(at.First.HeadValueOutput.$$", "At During Features From Head Heads")]
    [InlineData(
        "model.Sweep(Gpt2.AllLayers, Gpt2.AllHeads, (layer, head) => Gpt2.Experiment.Zero(layer.MlpActivation.$$", "At During Features From Neuron Neurons")]
    [InlineData("Gpt2.Small.AllLayers.Select(layer => layer.MlpOutput.At(^1).$$", "During Features From ReadAt")]
    public async Task InsideAFunctionTheSameFollows(string step, string expected) =>
        Assert.Equal(expected, string.Join(' ', Names(await EditedProgram.Of(Program.Replace("$$;", $"{step}", StringComparison.Ordinal)).Complete())
            .Where(name => !name.StartsWith("Item", StringComparison.Ordinal) && name is not ("CompareTo" or "ToTuple"))));

    [Theory]
    [InlineData("MyNet.Components.", "Blocks Head")]
    [InlineData("MyNet.Components.Blocks[1].", "Input Output Up Value")]
    [InlineData("MyNet.Components.Blocks[1].Value.", "Input Output")]
    [InlineData("MyNet.Components.Blocks[1].Value.Output.", "At During Features From Head Heads")]
    [InlineData("MyNet.Components.Blocks[1].Up.Output.", "At During Features From")]
    [InlineData("MyNet.Components.Head.Output.", "Features From")]
    [InlineData("Experiment.On<MyNet>().",
        "Add Apply AsModule Bind Collect CollectGate CollectInside HandleOf InParallel InSeries Interchange Load Subtract ToConfig With WithSources Zero")]
    [InlineData("plan.", "Dispose Run")]
    [InlineData("result.", "CleanOutput Dispose Gradient Gradients Output Receipts SaveCollected this Values")]
    public async Task AModuleOfOnesOwnIsCompletedToo(string step, string expected)
    {
        var suggestions = await EditedProgram.Of(OwnModule.Replace("$$", $"{step}$$", StringComparison.Ordinal)).Complete();
        Assert.Equal(expected, string.Join(' ', Names(suggestions)));
        Assert.All(suggestions, AssertSummary);
    }

    [Fact]
    public async Task AnArchitectureOffersItsLayersItsCheckpointsAndWhatIsInNoLayer()
    {
        var suggestions = await After("Gpt2.");
        Assert.Equal(
            Ordered([.. Gpt2.Descriptor.Components.Where(component => !component.IsPerLayer).Select(Member), .. Gpt2.Descriptor.Checkpoints.Keys, "AllHeads",
                "AllLayers", "Block", "Create", "Descriptor", "Experiment", "Layer", "Layers", "Load"]),
            Names(suggestions));
        Assert.All(suggestions, AssertSummary);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public async Task ALayerOffersItsComponentsByShapeModuleAndNameInPyvene(string type)
    {
        var components = Descriptor(type).Components
            .Where(component => component.IsPerLayer && !component.IsPerSublayer && !component.Name.Contains('.', StringComparison.Ordinal)).ToList();
        var suggestions = await After($"{type}.Layer(1).");
        Assert.Equal(Ordered([.. components.Select(Member), "Index", .. Descriptor(type).Components.Any(component => component.IsPerSublayer)
            ? [type == "ResNet" ? "Block" : "Expert"]
            : Array.Empty<string>()]), Names(suggestions));
        Assert.All(suggestions, AssertSummary);

        var descriptions = suggestions.ToDictionary(suggestion => suggestion.Name, suggestion => suggestion.Description, StringComparer.Ordinal);
        Assert.All(components, component =>
        {
            var description = descriptions[Member(component)];
            Assert.Contains(component.Summary, description, StringComparison.Ordinal);
            Assert.Contains($"Shape: [{string.Join(", ", component.Axes)}].", description, StringComparison.Ordinal);
            Assert.Contains(
                $"{(component.Side == HookSide.Output ? "output" : component.Argument is { } name ? $"argument {name}"
                    : component.Item == 0 ? "input" : $"argument {component.Item}")} of {component.Path}",
                description,
                StringComparison.Ordinal);
            Assert.Contains(component.PyveneName is { } theirs ? $"In pyvene: {theirs}." : "Not in pyvene.", description, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task ALayerInsideOfALayerOffersItsComponents() =>
        Assert.Equal(
            Ordered([.. ResNet.Descriptor.Components.Where(component => component.IsPerSublayer).Select(Member), "Index", "Layer"]),
            Names(await After("ResNet.Layer(1).Block(0).")));

    [Fact]
    public async Task StacksAreClassesOfTheirOwn()
    {
        Assert.Equal("Create Decoder Descriptor Encoder Experiment LmHeadOutput Load Small", string.Join(' ', Names(await After("T5."))));
        Assert.Contains("CrossAttentionOutput", Names(await After("T5.Decoder.Layer(1).")));
        Assert.DoesNotContain("CrossAttentionOutput", Names(await After("T5.Encoder.Layer(1).")));
    }

    [Fact]
    public async Task AKnownCheckpointGivesTheSizes() => Assert.Contains(
        "Shape: [batch, head: 12, position, dHead: 64].",
        (await After("Gpt2.Small.Layer(4).")).Single(suggestion => suggestion.Name == "HeadQueryOutput").Description,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("Gpt2.Layer(3).", "BlockOutput")]
    [InlineData("Gpt2.Layer(3).BlockOutput.", "At")]
    [InlineData("Gpt2.Layer(5).AttentionWeight.", "Head")]
    [InlineData("run.", "TopTokens")]
    [InlineData("layer.", "BlockOutput")]
    [InlineData("model.", "Run")]
    public async Task TheExampleIsCompletedWhileItIsWritten(string behind, string expected) =>
        Assert.Contains(expected, Names(await EditedProgram.Example("01-first-intervention", behind).Complete()));

    private static Task<IReadOnlyList<Suggestion>> After(string step) =>
        EditedProgram.Of(Program.Replace("$$", $"{step}$$", StringComparison.Ordinal)).Complete();

    // A verb that is both a method and an extension has two lines.
    private static IEnumerable<string> Names(IEnumerable<Suggestion> suggestions) => Ordered(suggestions.Select(suggestion => suggestion.Name).Distinct());

    private static IEnumerable<string> Ordered(IEnumerable<string> names) => names.Order(StringComparer.OrdinalIgnoreCase);

    private static ArchitectureDescriptor Descriptor(string type) =>
        (ArchitectureDescriptor)typeof(Gpt2).Assembly.GetType($"Pyvene.Typed.{type}")!.GetProperty(nameof(IArchitecture.Descriptor))!.GetValue(null)!;

    private static string Member(ComponentDescriptor component) => CSharpNames.Pascal(component.Name);

    // The first line is the signature.
    private static void AssertSummary(Suggestion suggestion) =>
        Assert.True(
            suggestion.Description.TrimEnd().Contains('\n', StringComparison.Ordinal), $"'{suggestion.Name}' has no documentation: {suggestion.Description}");
}
