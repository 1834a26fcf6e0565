using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Models.Modules;

/// <summary>Is torch.nn's <c>TransformerEncoder</c> of layers that can be seen.</summary>
internal sealed class PlainEncoder : nn.Module<Tensor, Tensor, Tensor, Tensor>, INamedArguments
{
    private readonly ModuleList<PlainEncoderLayer> layers;
    private readonly nn.Module<Tensor, Tensor>? norm;

    public PlainEncoder(ModuleNode node)
        : base(nameof(PlainEncoder))
    {
        node.Field("call"); // How cases name the arguments.
        var layer = node.Field("encoder_layer")!.Value;
        layers = new(Enumerable.Range(0, (int)node.Size("num_layers")).Select(_ => new PlainEncoderLayer(new ModuleNode(layer))).ToArray());
        norm = node.Field("norm") is { } last ? (nn.Module<Tensor, Tensor>)ModuleBuilder.Build(new ModuleNode(last)) : null;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ArgumentNames { get; } = ["src", "mask", "src_key_padding_mask"];

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> InOrder(IReadOnlyDictionary<string, Tensor> given)
    {
        if (given.Keys.Except(ArgumentNames).FirstOrDefault() is { } unknown)
            throw new UnsupportedCaseException($"the argument '{unknown}' is not supported yet");
        var count = ArgumentNames.Count(name => given.ContainsKey(name));
        if (!given.ContainsKey("mask") && given.ContainsKey("src_key_padding_mask")) count++;
        return [.. ArgumentNames.Take(count).Select(name => given.TryGetValue(name, out var tensor) ? tensor : NothingHidden(given["src"]))];
    }

    /// <summary>Maps [batch, position, width] to the same shape; the masks are those of <see cref="PlainAttention"/>.</summary>
    public override Tensor forward(Tensor src, Tensor? mask = null, Tensor? src_key_padding_mask = null)
    {
        foreach (var layer in layers) src = layer.call(src, mask!, src_key_padding_mask!);
        return norm is null ? src : norm.call(src);
    }

    private static Tensor NothingHidden(Tensor src) => zeros(src.shape[1], src.shape[1], dtype: ScalarType.Bool, device: src.device);
}
