using Pyvene.Typed.Models;
using Pyvene.Typed.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Models.Modules;

/// <summary>Builds what a <c>module.json</c> describes of TorchSharp's modules.</summary>
internal static class ModuleBuilder
{
    private static readonly Dictionary<string, Func<ModuleNode, nn.Module>> Known = new()
    {
        ["Linear"] = node => nn.Linear(node.Size("in_features"), node.Size("out_features"), node.Flag("bias", true)),
        ["Embedding"] = node => nn.Embedding(node.Size("num_embeddings"), node.Size("embedding_dim")),
        ["Conv1d"] = node => new PlainConvolution(node, axes: 1),
        ["Conv2d"] = node => new PlainConvolution(node, axes: 2),
        ["BatchNorm1d"] = node => nn.BatchNorm1d(node.Size("num_features"), node.Number("eps", 1e-5), node.Number("momentum", 0.1)),
        ["BatchNorm2d"] = node => nn.BatchNorm2d(node.Size("num_features"), node.Number("eps", 1e-5), node.Number("momentum", 0.1)),
        ["LayerNorm"] = node => nn.LayerNorm(
            node.Shape("normalized_shape"), node.Number("eps", 1e-5), node.Flag("elementwise_affine", true), node.Flag("bias", true)),
        ["GroupNorm"] = node => nn.GroupNorm(node.Size("num_groups"), node.Size("num_channels"), node.Number("eps", 1e-5), node.Flag("affine", true)),
        ["MaxPool2d"] = node => node.Pair("kernel_size") is var kernel
            ? nn.MaxPool2d(kernel, node.Field("stride") is null ? kernel : node.Pair("stride"), node.Pair("padding", 0)) : null!,
        ["AvgPool2d"] = node => node.Pair("kernel_size") is var kernel
            ? nn.AvgPool2d(kernel, node.Field("stride") is null ? kernel : node.Pair("stride"), node.Pair("padding", 0)) : null!,
        ["AdaptiveAvgPool2d"] = node => nn.AdaptiveAvgPool2d(node.Pair("output_size")),
        ["Flatten"] = node => nn.Flatten(node.Size("start_dim", 1), node.Size("end_dim", -1)),
        ["ReLU"] = _ => nn.ReLU(),
        ["ReLU6"] = _ => nn.ReLU6(),
        ["LeakyReLU"] = node => nn.LeakyReLU(node.Number("negative_slope", 0.01)),
        ["ELU"] = node => nn.ELU(node.Number("alpha", 1)),
        ["SiLU"] = _ => nn.SiLU(),
        ["Mish"] = _ => nn.Mish(),
        ["Tanh"] = _ => nn.Tanh(),
        ["Sigmoid"] = _ => nn.Sigmoid(),
        ["Softplus"] = node => nn.Softplus(node.Number("beta", 1), node.Number("threshold", 20)),
        ["Softmax"] = node => nn.Softmax(node.Size("dim")),
        ["GELU"] = node => Activations.Create(
            node.Text("approximate", "none") == "tanh" ? "gelu_pytorch_tanh" : "gelu", ModelConfig.Parse("{}", "module.json")),
        ["Identity"] = _ => nn.Identity(),
        ["Dropout"] = node => nn.Dropout(node.Number("p", 0.5)),
        ["Sequential"] = node => nn.Sequential([.. Built(node).Select(child => (child.Name, (nn.Module<Tensor, Tensor>)child.Module))]),
        ["ModuleList"] = node => nn.ModuleList([.. Built(node).Select(child => child.Module)]),
        ["ModuleDict"] = node => nn.ModuleDict([.. Built(node)]),
        ["RNN"] = node => BatchFirst(node) ? nn.RNN(
            node.Size("input_size"), node.Size("hidden_size"), node.Size("num_layers", 1),
            node.Text("nonlinearity", "tanh") == "relu" ? nn.NonLinearities.ReLU : nn.NonLinearities.Tanh,
            node.Flag("bias", true), true, node.Number("dropout", 0), node.Flag("bidirectional", false)) : null!,
        ["LSTM"] = node => BatchFirst(node) ? nn.LSTM(
            node.Size("input_size"), node.Size("hidden_size"), node.Size("num_layers", 1), node.Flag("bias", true), true,
            node.Number("dropout", 0), node.Flag("bidirectional", false)) : null!,
        ["GRU"] = node => BatchFirst(node) ? nn.GRU(
            node.Size("input_size"), node.Size("hidden_size"), node.Size("num_layers", 1), node.Flag("bias", true), true,
            node.Number("dropout", 0), node.Flag("bidirectional", false)) : null!,
        ["TransformerEncoder"] = node => new PlainEncoder(node),
        ["TransformerEncoderLayer"] = node => new PlainEncoderLayer(node),
    };

    /// <summary>Builds a module with weights that are still to be read.</summary>
    /// <exception cref="UnsupportedCaseException">The class or one of its arguments is not supported.</exception>
    public static nn.Module Build(ModuleNode node)
    {
        var module = Known.TryGetValue(node.Type, out var make) ? make(node)
            : node.Field("forward") is not null ? OwnModule.Build(node)
            : throw new UnsupportedCaseException($"the module class '{node.Type}' is not supported yet");
        node.CheckRead();
        return module;
    }

    /// <summary>Builds the parts of a node.</summary>
    public static IEnumerable<(string Name, nn.Module Module)> Built(ModuleNode node) => node.Children.Select(child => (child.Name, Build(child.Node)));

    /// <summary>Whether the batch is the first axis, as the library has it.</summary>
    /// <exception cref="UnsupportedCaseException">It is not.</exception>
    public static bool BatchFirst(ModuleNode node) => node.Flag("batch_first", false)
        ? true : throw new UnsupportedCaseException($"{node.Type}: batch_first false is not supported: the first axis of the library's inputs is the batch");
}
