using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Gemma;

/// <summary>Is one of Gemma 2's blocks: attention and gated MLP, each between two norms, each added to the residual stream.</summary>
internal sealed class Gemma2Block : nn.Module<Tensor, AttentionContext, Tensor>
{
    private readonly RmsNorm input_layernorm;
    private readonly RotaryAttention self_attn;
    private readonly RmsNorm post_attention_layernorm;
    private readonly RmsNorm pre_feedforward_layernorm;
    private readonly GatedMlp mlp;
    private readonly RmsNorm post_feedforward_layernorm;

    public Gemma2Block(DecoderSettings settings, int layer, Device device)
        : base(nameof(Gemma2Block))
    {
        input_layernorm = settings.CreateNorm(device);
        self_attn = new RotaryAttention(settings, layer, device);
        post_attention_layernorm = settings.CreateNorm(device);
        pre_feedforward_layernorm = settings.CreateNorm(device);
        mlp = new GatedMlp(settings, device);
        post_feedforward_layernorm = settings.CreateNorm(device);
        RegisterComponents();
    }

    /// <summary>Moves the residual stream [row, position, dModel] behind this block.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context)
    {
        var middle = hidden.add(post_attention_layernorm.call(self_attn.call(input_layernorm.call(hidden), context)), Scalars.Of(1)); // [row, position, dModel]
        return middle.add(post_feedforward_layernorm.call(mlp.call(pre_feedforward_layernorm.call(middle))), Scalars.Of(1)); // [row, position, dModel]
    }
}
