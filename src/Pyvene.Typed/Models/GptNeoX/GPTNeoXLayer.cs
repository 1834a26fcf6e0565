using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;
using LayerNorm = Pyvene.Typed.Models.Layers.LayerNorm;

namespace Pyvene.Typed.Models.GptNeoX;

/// <summary>Is one of GPT-NeoX's blocks: attention and MLP, both on what enters the block, or the MLP on what attention left.</summary>
internal sealed class GPTNeoXLayer : nn.Module<Tensor, AttentionContext, Tensor>
{
    private readonly LayerNorm input_layernorm;
    private readonly LayerNorm post_attention_layernorm;
    private readonly Dropout post_attention_dropout;
    private readonly Dropout post_mlp_dropout;
    private readonly GPTNeoXAttention attention;
    private readonly GPTNeoXMLP mlp;
    private readonly bool isParallel;

    public GPTNeoXLayer(DecoderSettings settings, int layer, Device device)
        : base(nameof(GPTNeoXLayer))
    {
        isParallel = settings.IsParallel;
        input_layernorm = new LayerNorm(settings.Width, settings.NormEpsilon, device);
        post_attention_layernorm = new LayerNorm(settings.Width, settings.NormEpsilon, device);
        post_attention_dropout = nn.Dropout(settings.HiddenDropout);
        post_mlp_dropout = nn.Dropout(settings.HiddenDropout);
        attention = new GPTNeoXAttention(settings, layer, device);
        mlp = new GPTNeoXMLP(settings, device);
        RegisterComponents();
    }

    /// <summary>Moves the residual stream [row, position, dModel] behind this block.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context)
    {
        var attended = post_attention_dropout.call(attention.call(input_layernorm.call(hidden), context)); // [row, position, dModel]
        if (isParallel)
        {
            return post_mlp_dropout.call(mlp.call(post_attention_layernorm.call(hidden))).add(attended, Scalars.Of(1)).add(hidden, Scalars.Of(1)); // [row, position, dModel]
        }

        var middle = attended.add(hidden, Scalars.Of(1)); // [row, position, dModel]
        return post_mlp_dropout.call(mlp.call(post_attention_layernorm.call(middle))).add(middle, Scalars.Of(1)); // [row, position, dModel]
    }
}
