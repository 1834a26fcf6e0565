using System.Linq;

namespace Pyvene.Typed.Generators.Parsing;

/// <summary>
/// Lists the keys of the architectures that the library describes itself, which no descriptor of a project may have: configurations find both by the key.
/// </summary>
internal static class ShippedKeys
{
    private static readonly string[] Keys = ["bert", "gemma2", "gpt2", "gpt_neox", "gru", "llama", "mamba", "mistral", "mlp", "qwen2", "qwen3", "resnet", "t5"];

    /// <summary>Returns whether the library has a key.</summary>
    /// <param name="key">The key.</param>
    public static bool Contain(string key) => Keys.Contains(key);
}
