using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Bert;

/// <summary>Is one of BERT's blocks: attention and MLP, each added to the residual stream before a norm.</summary>
internal sealed class BertLayer : nn.Module<Tensor, AttentionContext, Tensor>
{
    private readonly BertAttention attention;
    private readonly BertIntermediate intermediate;
    private readonly BertOutput output;

    public BertLayer(BertSettings settings, int layer, Device device)
        : base(nameof(BertLayer))
    {
        attention = new BertAttention(settings, layer, device);
        intermediate = new BertIntermediate(settings, device);
        output = new BertOutput(settings.InnerWidth, settings, device);
        RegisterComponents();
    }

    /// <summary>Moves the residual stream [row, position, dModel] behind this block.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context)
    {
        var middle = attention.call(hidden, context); // [row, position, dModel]
        return output.call(intermediate.call(middle), middle); // [row, position, dModel]
    }
}
