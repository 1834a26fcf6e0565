using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tests.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

public sealed class ModelLoaderTests : IDisposable
{
    private readonly TemporaryFolder folder = new("checkpoint");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void EveryBadTensorIsNamedInOneError()
    {
        TinyGpt2.Save(folder.Path, change: (name, tensor) => name switch
        {
            "transformer.h.0.ln_1.weight" => null,
            "transformer.h.1.mlp.c_fc.bias" => (name, tensor.narrow(0, 0, 5)),
            "transformer.ln_f.bias" => ("transformer.ln_f.bogus", tensor),
            "transformer.wpe.weight" => (name, tensor.to(ScalarType.Int32)),
            _ => (name, tensor),
        });

        var error = Assert.Throws<CheckpointException>(() => ModelLoader.Load(folder.Path));

        Assert.Contains("missing: 'transformer.h.0.ln_1.weight' [16]", error.Message);
        Assert.Contains("wrong shape: 'transformer.h.1.mlp.c_fc.bias' expected [64], actual [5]", error.Message);
        Assert.Contains("unexpected: 'transformer.ln_f.bogus' Float32 [16]", error.Message);
        Assert.Contains("missing: 'transformer.ln_f.bias'", error.Message);
        Assert.Contains("wrong dtype: 'transformer.wpe.weight'", error.Message);
    }

    [Fact]
    public void AnotherArchitectureIsRefused()
    {
        TinyGpt2.Save(folder.Path, TinyGpt2.Config.Replace("\"model_type\": \"gpt2\"", "\"model_type\": \"gpt_neo\""));

        Assert.Contains("\"gpt_neo\"", Assert.Throws<CheckpointException>(() => ModelLoader.Load(folder.Path)).Message);
    }

    [Fact]
    public void AnUnknownClassIsRefusedWithTheKnownOnes()
    {
        TinyGpt2.Save(folder.Path, TinyGpt2.Config.Replace("GPT2LMHeadModel", "GPT9"));

        var error = Assert.Throws<CheckpointException>(() => ModelLoader.Load(folder.Path));

        Assert.Contains("GPT9", error.Message);
        Assert.Contains("GPT2LMHeadModel", error.Message);
    }

    [Theory]
    [InlineData("\"n_layer\": 3", "\"n_layer\": 2000000000")]
    [InlineData("\"n_embd\": 16", "\"n_embd\": -16")]
    [InlineData("\"n_embd\": 16", "\"n_embd\": \"wide\"")]
    [InlineData("\"n_embd\": 16", "\"n_embd\": 2147483644")]
    [InlineData("\"n_head\": 4", "\"n_head\": 5")]
    [InlineData("\"vocab_size\": 53", "\"vocab_size\": 2000000000")]
    public void SizesThatDoNotFitTheFileAreRefusedBeforeMemoryIsTaken(string right, string wrong)
    {
        TinyGpt2.Save(folder.Path, TinyGpt2.Config.Replace(right, wrong));

        Assert.Throws<CheckpointException>(() => ModelLoader.Load(folder.Path));
    }

    [Fact]
    public void AModelIsFrozenAndInEvaluationMode()
    {
        TinyGpt2.Save(folder.Path);

        using var model = ModelLoader.Load(folder.Path);

        Assert.False(model.training);
        Assert.All(model.parameters(), parameter => Assert.False(parameter.requires_grad));
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64)]
    public void OtherFloatsBecomeFloat32(ScalarType stored)
    {
        TinyGpt2.Save(folder.Path, change: (name, tensor) => (name, tensor.to(stored)));
        using var original = TinyGpt2.Create();

        using var model = ModelLoader.Load(folder.Path);

        var expected = original.get_parameter("transformer.wte.weight")!.to(stored).to(ScalarType.Float32);
        var read = model.get_parameter("transformer.wte.weight")!;
        Assert.Equal(ScalarType.Float32, read.dtype);
        Assert.True(expected.Equals(read));
    }

    [Fact]
    public void AFileWithoutThePrefixWithMasksAndWithASecondHeadIsRead()
    {
        using var scope = NewDisposeScope();
        TinyGpt2.Save(folder.Path, change: (name, tensor) => name switch
        {
            // Renamed away to stand for the extra tensors of old files; the real ones come from the tied head.
            "transformer.wte.weight" => ("lm_head.weight", tensor),
            _ => (name["transformer.".Length..], tensor),
        });
        var path = Path.Combine(folder.Path, "model.safetensors");
        using (var file = SafetensorsFile.Open(path))
        {
            var tensors = file.Names.Select(name => (name, file.Read(name))).ToList();
            SafetensorsWriter.Write(path, [.. tensors, ("h.0.attn.bias", ones(1, 1, 8, 8)), ("h.0.attn.masked_bias", tensor(-1e4f))]);
        }

        using var model = ModelLoader.Load(folder.Path);
        using var original = TinyGpt2.Create();

        var inputs = new ModelInputs { InputIds = TinyGpt2.Tokens(2, 5) };
        Close.Equal(original.call(inputs).Logits!, model.call(inputs).Logits!, 0);
    }

    [Theory]
    [InlineData("../model.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData("..\\\\model.safetensors")]
    [InlineData("inner/model.safetensors")]
    public void AnIndexThatLeavesItsFolderIsRefused(string shard)
    {
        folder.Write("config.json", TinyGpt2.Config);
        folder.Write("model.safetensors.index.json", "{\"weight_map\": {\"a\": \"" + shard + "\"}}");

        Assert.Contains("must be a file in the folder of its index", Assert.Throws<CheckpointException>(() => ModelLoader.Load(folder.Path)).Message);
    }

    [Theory]
    [InlineData("""[]""")]
    [InlineData("""{"weight_map": 3}""")]
    [InlineData("""{"weight_map": {"a": 3}}""")]
    [InlineData("""{"weight_map": """)]
    [InlineData("""{"weight_map": {"a": "absent.safetensors"}}""")]
    public void ABadIndexIsRefused(string index)
    {
        folder.Write("config.json", TinyGpt2.Config);
        folder.Write("model.safetensors.index.json", index);

        Assert.Throws<CheckpointException>(() => ModelLoader.Load(folder.Path));
    }

    [Fact]
    public void AShardThatLacksItsTensorIsNamed()
    {
        TinyGpt2.Save(folder.Path);
        File.Move(Path.Combine(folder.Path, "model.safetensors"), Path.Combine(folder.Path, "part.safetensors"));
        folder.Write("model.safetensors.index.json", """{"weight_map": {"absent": "part.safetensors"}}""");

        Assert.Contains("lacks tensor 'absent'", Assert.Throws<CheckpointException>(() => ModelLoader.Load(folder.Path)).Message);
    }

    [Fact]
    public void AFolderWithoutWeightsIsDescribed()
    {
        folder.Write("config.json", TinyGpt2.Config);

        Assert.Contains("found 'config.json'", Assert.Throws<CheckpointException>(() => ModelLoader.Load(folder.Path)).Message);
        Assert.Contains("does not exist", Assert.Throws<CheckpointException>(() => ModelLoader.Load(Path.Combine(folder.Path, "absent"))).Message);
    }

    [Fact]
    public void TheSameSeedGivesTheSameWeights()
    {
        using var one = TinyGpt2.Create();
        using var other = TinyGpt2.Create();

        Assert.True(one.get_parameter("transformer.wte.weight")!.Equals(other.get_parameter("transformer.wte.weight")!));
    }
}
