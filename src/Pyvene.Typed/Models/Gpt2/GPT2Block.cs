using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Gpt2;

/// <summary>Is one of GPT-2's blocks: attention and MLP, each behind a layer norm, each added to the residual stream.</summary>
internal sealed class GPT2Block : nn.Module<Tensor, AttentionContext, Tensor>
{
    private readonly LayerNorm ln_1;
    private readonly GPT2Attention attn;
    private readonly LayerNorm ln_2;
    private readonly GPT2MLP mlp;

    public GPT2Block(GPT2Config config, ModelConfig source, int layer, Device device)
        : base(nameof(GPT2Block))
    {
        ln_1 = new LayerNorm(config.Width, config.NormEpsilon, device);
        attn = new GPT2Attention(config, layer, device);
        ln_2 = new LayerNorm(config.Width, config.NormEpsilon, device);
        mlp = new GPT2MLP(config, source, device);
        RegisterComponents();
    }

    /// <summary>Moves the residual stream [row, position, dModel] behind this block.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context)
    {
        var middle = hidden.add(attn.call(ln_1.call(hidden), context), Scalars.Of(1)); // [row, position, dModel]
        return middle.add(mlp.call(ln_2.call(middle)), Scalars.Of(1)); // [row, position, dModel]
    }
}
