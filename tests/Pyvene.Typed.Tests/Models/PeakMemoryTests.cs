using System.Globalization;
using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tests.Native;
using Pyvene.Typed.Tests.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

/// <summary>Loading takes the memory of the model and little more, in a process of its own.</summary>
public sealed class PeakMemoryTests : IDisposable
{
    private const string Config =
        """
        { "model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 16000, "hidden_size": 1024, "num_attention_heads": 8,
          "num_hidden_layers": 1, "intermediate_size": 2816 }
        """;

    private readonly TemporaryFolder folder = new("peak");

    public void Dispose() => folder.Dispose();

    [LinuxFact]
    public Task LoadingInAnyTypeTakesTheModelsMemoryAndLittleMore() =>
        RequireLittle(
            tensors => SafetensorsWriter.Write(Path.Combine(folder.Path, "model.safetensors"), tensors),
            nameof(ScalarType.BFloat16),
            nameof(ScalarType.Float32));

    [LinuxFact]
    public Task LoadingAPickleInAnyTypeTakesTheModelsMemoryAndLittleMore() =>
        RequireLittle(tensors => StateDictionaryFile.Write(Path.Combine(folder.Path, "pytorch_model.bin"), tensors), nameof(ScalarType.BFloat16));

    private async Task RequireLittle(Action<IEnumerable<(string Name, Tensor Tensor)>> write, params string[] types)
    {
        Write(write);
        var program = typeof(MemoryProgram).Assembly.Location;
        var run = (await DotnetProcess.Run(folder.Path, new Dictionary<string, string>(), [program, folder.Path, .. types])).RequireSuccess();

        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(types.Length, lines.Length);
        Assert.All(lines, line =>
        {
            const long allowance = 70_000_000; // parts, what is compiled meanwhile, and pages of the libraries
            var numbers = line.Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray();
            Assert.InRange(numbers[1], numbers[0] / 2, numbers[0] + allowance);
        });
    }

    private void Write(Action<IEnumerable<(string Name, Tensor Tensor)>> write)
    {
        folder.Write("config.json", Config);
        using var scope = NewDisposeScope();
        using var outline = ModelLoader.Create(ModelConfig.Parse(Config, "peak"), device: META);
        var random = rand(1 << 20, generator: new Generator(3));
        write(outline.named_parameters().Select(item => (item.name, Filled(item.parameter.shape))));

        Tensor Filled(long[] shape)
        {
            var count = shape.Aggregate(1L, (product, size) => product * size);
            return random.repeat((count >> 20) + 1).narrow(0, 0, count).view(shape);
        }
    }
}
