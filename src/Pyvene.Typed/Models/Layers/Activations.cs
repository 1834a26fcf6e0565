using Pyvene.Typed.Errors;
using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Finds activation functions by the names that Hugging Face configurations use.</summary>
internal static class Activations
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Known = new(StringComparer.Ordinal)
    {
        ["gelu"] = x => x.gelu(),
        ["gelu_python"] = x => x.gelu(),
        ["gelu_new"] = x => x.gelu(GELU.Approximate.tanh),
        ["gelu_fast"] = x => x.gelu(GELU.Approximate.tanh),
        ["gelu_accurate"] = x => x.gelu(GELU.Approximate.tanh),
        ["gelu_pytorch_tanh"] = x => x.gelu(GELU.Approximate.tanh),
        ["quick_gelu"] = QuickGelu,
        ["relu"] = Relu,
        ["relu2"] = SquaredRelu,
        ["relu6"] = x => x.relu6(),
        ["silu"] = x => x.silu(),
        ["swish"] = x => x.silu(),
        ["mish"] = x => nn.functional.mish(x),
        ["leaky_relu"] = x => nn.functional.leaky_relu(x),
        ["sigmoid"] = x => x.sigmoid(),
        ["tanh"] = x => x.tanh(),
        ["linear"] = x => x.alias(),
    };

    /// <summary>Gets the known names.</summary>
    public static IReadOnlyCollection<string> Names => Known.Keys;

    /// <summary>Returns a module that applies an activation function element by element.</summary>
    /// <param name="name">The function's Hugging Face name.</param>
    /// <param name="config">The configuration that names it, for the message.</param>
    /// <exception cref="CheckpointException">The name is unknown.</exception>
    public static nn.Module<Tensor, Tensor> Create(string name, ModelConfig config) =>
        Known.TryGetValue(name, out var function)
            ? new Activation(name, function)
            : throw new CheckpointException(config.Origin, $"The activation function '{name}' is unknown. Known are: {string.Join(", ", Known.Keys)}.");

    private static Tensor QuickGelu(Tensor input)
    {
        using var steeper = input.mul(Scalars.Of(1.702));
        using var gate = steeper.sigmoid();
        return input.mul(gate);
    }

    // The meta device lacks it.
    private static Tensor Relu(Tensor input) => input.is_meta ? input.clamp(Scalars.Of(0)) : input.relu();

    private static Tensor SquaredRelu(Tensor input)
    {
        using var positive = Relu(input);
        return positive.pow(Scalars.Of(2));
    }

    private sealed class Activation(string name, Func<Tensor, Tensor> function) : nn.Module<Tensor, Tensor>(name)
    {
        public override Tensor forward(Tensor input) => function(input);
    }
}
