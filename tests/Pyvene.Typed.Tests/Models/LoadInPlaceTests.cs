using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tests.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

/// <summary>Weights go straight to where they stay, whatever they are stored as.</summary>
public sealed class LoadInPlaceTests : IDisposable
{
    private readonly TemporaryFolder folder = new("checkpoint");

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, ScalarType> ClassesAndTypes
    {
        get
        {
            var data = new TheoryData<string, ScalarType>();
            foreach (var name in TinyModels.LanguageModelNames.Append("GPT2LMHeadModel"))
            {
                foreach (var dtype in new[] { ScalarType.BFloat16, ScalarType.Float16, ScalarType.Float64 }) data.Add(name, dtype);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(ClassesAndTypes))]
    public void WeightsInTheTypeThatIsAskedForAreThoseOfAModelThatIsConvertedAfterwards(string className, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        Save(className == "GPT2LMHeadModel" ? TinyGpt2.Config : TinyModels.Config(className), SafetensorsWriterOf("model.safetensors"));

        RequireConverted(className, dtype);
    }

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.Float64)]
    public void StatisticsOfABatchNormBecomeOfTheTypeAndItsCounterStaysAWholeNumber(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        const string config =
            """
            { "model_type": "resnet", "architectures": ["ResNetForImageClassification"], "embedding_size": 4, "hidden_sizes": [4, 6], "depths": [1, 2],
              "layer_type": "basic", "num_channels": 3, "num_labels": 3, "initializer_range": 0.4 }
            """;
        Save(config, SafetensorsWriterOf("model.safetensors"));

        RequireConverted("ResNetForImageClassification", dtype);
        using var narrow = ModelLoader.Load(folder.Path, dtype: dtype);
        Assert.All(narrow.named_buffers().Where(item => item.name.EndsWith("tracked", StringComparison.Ordinal)), item =>
        {
            Assert.Equal(ScalarType.Int64, item.buffer.dtype);
            Assert.Equal(7, item.buffer.item<long>());
        });
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void PicklesAndShardsAreReadIntoPlaceToo(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        Save(TinyModels.Config("LlamaForCausalLM"), tensors => StateDictionaryFile.Write(Path.Combine(folder.Path, "pytorch_model.bin"), tensors));
        RequireConverted("LlamaForCausalLM", dtype);
        File.Delete(Path.Combine(folder.Path, "pytorch_model.bin"));

        Save(TinyModels.Config("LlamaForCausalLM"), tensors =>
        {
            var all = tensors.ToList();
            var files = all.Select((tensor, index) => (tensor.Name, tensor.Tensor, File: $"part-{index % 3}.safetensors")).ToList();
            foreach (var file in files.GroupBy(item => item.File))
            {
                SafetensorsWriter.Write(Path.Combine(folder.Path, file.Key), file.Select(item => (item.Name, item.Tensor)));
            }

            folder.Write(
                "model.safetensors.index.json",
                $$"""{"weight_map": { {{string.Join(", ", files.Select(item => $"\"{item.Name}\": \"{item.File}\""))}} } }""");
        });
        RequireConverted("LlamaForCausalLM", dtype);
    }

    [Fact]
    public void WeightsOfFloat64KeepEveryBitWhereFloat64IsAskedFor()
    {
        using var scope = NewDisposeScope();
        TinyGpt2.Save(folder.Path, change: (name, tensor) => (name, tensor.to(ScalarType.Float64).mul(1.0 / 3)));
        using var model = ModelLoader.Load(folder.Path, dtype: ScalarType.Float64);
        using var original = TinyGpt2.Create();

        foreach (var (name, parameter) in original.named_parameters())
        {
            Assert.True(parameter.to(ScalarType.Float64).mul(1.0 / 3).Equals(model.get_parameter(name)!), name);
        }
    }

    [Fact]
    public void OnTheMetaDeviceNothingIsReadAndShapesAreThere()
    {
        TinyGpt2.Save(folder.Path);
        using var model = ModelLoader.Load(folder.Path, device: META, dtype: ScalarType.BFloat16);

        Assert.All(model.parameters(), parameter => Assert.Equal((DeviceType.META, ScalarType.BFloat16), (parameter.device_type, parameter.dtype)));
        Assert.Equal([TinyGpt2.Vocab, 16], model.get_parameter("transformer.wte.weight")!.shape);
    }

    [Fact]
    public void FreshModelsOfANarrowTypeHaveTheFloat32WeightsRounded()
    {
        using var narrow = Gpt2.Create(layers: 2, dModel: 16, heads: 4, vocab: 53, seed: 3, dtype: ScalarType.BFloat16);
        using var wide = Gpt2.Create(layers: 2, dModel: 16, heads: 4, vocab: 53, seed: 3);

        foreach (var (name, parameter) in wide.Module.named_parameters())
        {
            Assert.True(parameter.to(ScalarType.BFloat16).Equals(narrow.Module.get_parameter(name)!), name);
        }
    }

    private Action<IEnumerable<(string Name, Tensor Tensor)>> SafetensorsWriterOf(string file) =>
        tensors => SafetensorsWriter.Write(Path.Combine(folder.Path, file), tensors);

    private void Save(string config, Action<IEnumerable<(string Name, Tensor Tensor)>> write)
    {
        folder.Write("config.json", config);
        using var model = ModelLoader.Create(ModelConfig.Parse(config, "tiny"), seed: 7);
        foreach (var (_, buffer) in model.named_buffers())
        {
            _ = buffer.is_floating_point() ? buffer.uniform_(0.5, 2) : buffer.fill_(7);
        }

        write(TensorsOf(model));
    }

    private void RequireConverted(string className, ScalarType dtype)
    {
        using var loaded = ModelLoader.Load(folder.Path, dtype: dtype);
        using var converted = ModelLoader.Load(folder.Path);
        Assert.Equal(className, loaded.GetName());
        converted.to(dtype);
        foreach (var ((name, tensor), (_, actual)) in TensorsOf(converted).Zip(TensorsOf(loaded)))
        {
            Assert.Equal(tensor.is_floating_point() ? dtype : tensor.dtype, actual.dtype);
            Assert.Equal(tensor.stride(), actual.stride());
            Assert.True(tensor.Equals(actual), name);
        }
    }

    private static IEnumerable<(string Name, Tensor Tensor)> TensorsOf(PretrainedModel model) =>
        model.named_parameters().Select(item => (item.name, (Tensor)item.parameter)).Concat(model.named_buffers().Select(item => (item.name, item.buffer)));
}
