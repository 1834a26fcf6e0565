using System.Reflection;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using Pyvene.Typed.Running;
using Pyvene.Typed.Tests.Descriptors;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Running;

/// <summary>Fresh models by named sizes, <c>Gpt2.Create(layers: 2, dModel: 64, …)</c>.</summary>
public sealed class CreateTests
{
    private static readonly Prompt Tokens = Prompt.OfTokens([1, 2, 3]);

    /// <summary>The architectures that the library has classes of.</summary>
    public static TheoryData<string> Architectures =>
        [.. ShippedModels.Descriptors.Where(descriptor => !ShippedModels.LacksClasses(descriptor)).Select(descriptor => descriptor.Key)];

    [Fact]
    public void ACreatedModelHasItsSizesAndRunsAnExperiment()
    {
        using var model = Gpt2.Create(layers: 2, dModel: 16, heads: 4, vocab: 53, context: 32);
        Assert.Equal((2, 4), (model.LayerCount, model.HeadCount));
        Assert.Null(model.Tokenizer);
        Assert.False(model.Module.training);
        Assert.All(model.Module.parameters(), parameter => Assert.False(parameter.requires_grad));

        using var run = model.Run(
            Gpt2.Experiment.Interchange(Gpt2.Layer(0).MlpOutput.At(^1)).Collect(Gpt2.Layer(1).MlpActivation, out var hidden),
            Tokens,
            Prompt.OfTokens([4, 5, 6]));
        Assert.Equal([1, 3, 53], run.Logits.shape);
        Assert.Equal([1, 3, 64], run[hidden].shape); // four times dModel
        Assert.Equal(16, run.Receipts[0].ChangedElements);
    }

    [Fact]
    public void ACreatedModelLearnsWhenItIsUnfrozenAndIsFrozenAgain()
    {
        using var model = Gpt2.Create(layers: 1, dModel: 16, heads: 2, vocab: 11, context: 8);
        model.Module.Unfreeze();
        Assert.All(model.Module.parameters(), parameter => Assert.True(parameter.requires_grad));
        model.Module.Freeze();
        Assert.All(model.Module.parameters(), parameter => Assert.False(parameter.requires_grad));
    }

    [Fact]
    public void TheSameSeedMakesTheSameBitsAndAnotherSeedOthers()
    {
        using var first = Logits(seed: 5);
        using var again = Logits(seed: 5);
        using var other = Logits(seed: 6);
        Assert.True(first.equal(again).all().item<bool>());
        Assert.False(first.equal(other).any().item<bool>());

        static Tensor Logits(long seed)
        {
            using var model = Llama.Create(layers: 1, dModel: 8, heads: 2, dMlp: 12, vocab: 11, seed: seed);
            using var run = model.Run(Llama.Experiment, Tokens);
            return run.Logits.clone();
        }
    }

    [Fact]
    public void WeightsAreMadeInTheTypeThatIsAskedFor()
    {
        using var model = Gpt2.Create(layers: 1, dModel: 8, heads: 2, vocab: 11, context: 8, dtype: ScalarType.Float64);
        Assert.All(model.Module.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.dtype));
        Assert.Contains("BFloat16", Assert.Throws<ArgumentException>(() => Gpt2.Create(layers: 1, dtype: ScalarType.Int64)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void SizesThatAreLeftOutAreThoseOfAnEmptyConfiguration(string key)
    {
        var create = MethodOf(key)!;
        using var made = (IDisposable)create.Invoke(null, [.. create.GetParameters().Select(parameter => parameter.Name == "device" ? META : Type.Missing)])!;
        var config = ModuleOf(made).Config;
        var descriptor = ShippedModels.Find(key);
        var (said, meant) = (new ArchitectureSizes(descriptor, ModelConfig.Parse("{}", "empty")), new ArchitectureSizes(descriptor, config));
        Assert.Equal(ShippedModels.TypeOf(key), config.ModelType);
        var sizes = create.GetParameters().Where(parameter => parameter.ParameterType == typeof(int?)).Select(parameter => parameter.Name!).ToArray();
        Assert.NotEmpty(sizes);
        Assert.All(sizes, size => Assert.Equal(meant[size], said[size]));
    }

    [Fact]
    public void SizesThatDoNotFitAreRefusedAsInAConfiguration()
    {
        Refuses("Gpt2.Create: 'n_embd' must be a multiple of 'n_head', but is 64 with 5 heads.", () => Gpt2.Create(dModel: 64, heads: 5));
        Refuses("Gpt2.Create: 'n_layer' must be a whole number from 1 to 10000, but is 0.", () => Gpt2.Create(layers: 0));
        Refuses("Llama.Create: 'vocab_size' must be a whole number from 1 to 2147483647, but is -1.", () => Llama.Create(vocab: -1));
        Refuses("Mistral.Create: 'num_attention_heads' must be a multiple of 'num_key_value_heads', but they are 4 and 8.", () =>
            Mistral.Create(dModel: 16, heads: 4));
        Refuses("ResNet.Create: 'hidden_sizes' and 'depths' must have one entry a stage, but have 1 and 2.", () => ResNet.Create(blocks: [1, 1], dStage: [8]));

        static void Refuses(string sentence, Func<IDisposable> create) => Assert.Equal(sentence, Assert.Throws<CheckpointException>(create).Message);
    }

    [Fact]
    public void AGruIsMadeWithoutAHeadOrAsTheClassThatIsNamed()
    {
        using var scope = NewDisposeScope();
        using var gru = Gru.Create(layers: 2, dModel: 6, seed: 3);
        using var classifier = Gru.Create(layers: 2, dModel: 6, labels: 3, className: "GRUForClassification", seed: 3);
        Assert.Equal("GRUModel", gru.GetName());
        Assert.Equal([2, 3], classifier.call(new ModelInputs { InputsEmbeds = ones(2, 4, 6) }).Logits!.shape);

        using var plan = Gru.Experiment.Zero(Gru.Layer(1).CellOutput.AtStep(^1)).Bind(gru);
        using var run = plan.Run(new ModelInputs { InputsEmbeds = ones(2, 4, 6) });
        Assert.Equal(12, run.Receipts[0].ChangedElements);
    }

    [Fact]
    public void AResNetIsMadeWithOneNumberAStage()
    {
        using var scope = NewDisposeScope();
        using var model = ResNet.Create(blocks: [1, 2], dStage: [8, 12], dEmbedding: 8);
        Assert.Equal([2, 12], model.call(new ModelInputs { PixelValues = ones(2, 3, 32, 32) }).LastHiddenState!.shape[..2]);
    }

    [Fact]
    public void AResNetThatClassifiesIsMadeWithItsNumberOfLabels()
    {
        using var scope = NewDisposeScope();
        using var model = ResNet.Create(blocks: [1], dStage: [8], dEmbedding: 8, labels: 9, className: "ResNetForImageClassification");
        Assert.Equal([2, 9], model.call(new ModelInputs { PixelValues = ones(2, 3, 32, 32) }).Logits!.shape);
    }

    [Fact]
    public void ASizeThatTheClassDoesNotHaveIsNotDropped()
    {
        Assert.StartsWith(
            "Gru.Create: GRUModel has no size 'n_labels', which is one of "
                + "GRUForClassification.", Assert.Throws<ArgumentException>(() => Gru.Create(dModel: 6, labels: 3)).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "Gpt2.Create: 'n_heads' is no field of the configurations that GPT2LMHeadModel reads.",
            Assert.Throws<ArgumentException>(() => FreshModel.Create<Gpt2>(null, [("n_heads", 2)])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AClassThatIsNotOfTheArchitectureIsRefusedWithThoseThatAre() =>
        Assert.StartsWith(
            "Gru.Create cannot build 'BertModel'; expected GRUModel, GRULMHeadModel, GRUForClassification.",
            Assert.Throws<ArgumentException>(() => Gru.Create(className: "BertModel")).Message, StringComparison.Ordinal);

    [Fact]
    public void ATextAsPromptIsRefused()
    {
        using var model = Gpt2.Create(layers: 1, dModel: 8, heads: 2, vocab: 11, context: 8);
        Assert.Equal(
            "The base is text, but the model has no tokenizer; give token ids with "
                + "Prompt.OfTokens.", Assert.Throws<InterventionException>(() => model.Run(Gpt2.Experiment, "text")).Message);
    }

    private static MethodInfo? MethodOf(string key) => typeof(Gpt2).Assembly.GetTypes()
        .Single(type =>
            type.IsClass && type.IsAssignableTo(typeof(IArchitecture)) && ((ArchitectureDescriptor)type.GetProperty("Descriptor")!.GetValue(null)!).Key == key)
        .GetMethod("Create");

    private static PretrainedModel ModuleOf(object made) => made as PretrainedModel ?? (PretrainedModel)made.GetType().GetProperty("Module")!.GetValue(made)!;
}
