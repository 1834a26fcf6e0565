using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

/// <summary>A GPT-2 of a few thousand weights, large enough to have every part twice.</summary>
internal static class TinyGpt2
{
    public const string Config = """
        {
          "model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "vocab_size": 53, "n_positions": 32, "n_embd": 16, "n_head": 4, "n_layer": 3,
          "initializer_range": 0.4, "pad_token_id": 0
        }
        """;

    public const int Vocab = 53;

    public static PretrainedModel Create(string className = "GPT2LMHeadModel", string changes = "{}", Device? device = null) =>
        ModelLoader.Create(ModelConfig.Parse(Config, "tiny").With(changes), className, seed: 7, device);

    /// <summary>Token ids without the padding id: [batch, position].</summary>
    public static Tensor Tokens(int batch, int positions, long seed = 1)
    {
        using var generator = new Generator((ulong)seed);
        return randint(1, Vocab, [batch, positions], ScalarType.Int64, generator: generator);
    }

    /// <summary>Writes the model's checkpoint into a folder, some tensors changed or left out.</summary>
    public static void Save(string folder, string config = Config, Func<string, Tensor, (string Name, Tensor Tensor)?>? change = null)
    {
        using var model = Create();
        using var scope = NewDisposeScope();
        File.WriteAllText(Path.Combine(folder, "config.json"), config);
        var tensors = model.named_parameters().Select(item => change is null ? (item.name, (Tensor)item.parameter) : change(item.name, item.parameter));
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), tensors.OfType<(string, Tensor)>());
    }
}
