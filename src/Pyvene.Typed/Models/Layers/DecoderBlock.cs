using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Is Llama's block, which many architectures share: attention and gated MLP, each behind a norm, each added to the residual stream.</summary>
internal sealed class DecoderBlock : nn.Module<Tensor, AttentionContext, Tensor>
{
    private readonly RmsNorm input_layernorm;
    private readonly RotaryAttention self_attn;
    private readonly RmsNorm post_attention_layernorm;
    private readonly GatedMlp mlp;

    public DecoderBlock(DecoderSettings settings, int layer, Device device)
        : base(nameof(DecoderBlock))
    {
        input_layernorm = settings.CreateNorm(device);
        self_attn = new RotaryAttention(settings, layer, device);
        post_attention_layernorm = settings.CreateNorm(device);
        mlp = new GatedMlp(settings, device);
        RegisterComponents();
    }

    /// <summary>Moves the residual stream [row, position, dModel] behind this block.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context)
    {
        var middle = hidden.add(self_attn.call(input_layernorm.call(hidden), context), Scalars.Of(1)); // [row, position, dModel]
        return middle.add(mlp.call(post_attention_layernorm.call(middle)), Scalars.Of(1)); // [row, position, dModel]
    }
}
