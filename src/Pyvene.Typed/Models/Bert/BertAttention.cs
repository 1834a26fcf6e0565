using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Bert;

/// <summary>Is the first half of a BERT block: self-attention, its projection, the residual stream and a norm.</summary>
internal sealed class BertAttention : nn.Module<Tensor, AttentionContext, Tensor>
{
    private readonly BertSelfAttention self;
    private readonly BertOutput output;

    public BertAttention(BertSettings settings, int layer, Device device)
        : base(nameof(BertAttention))
    {
        self = new BertSelfAttention(settings, layer, device);
        output = new BertOutput(settings.Width, settings, device);
        RegisterComponents();
    }

    /// <summary>Moves the residual stream [row, position, dModel] behind attention.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var moved = scope.HandOut(output.call(self.call(hidden, context), hidden)); // [row, position, dModel]
        if (context.Weights is { Count: > 0 } weights)
        {
            scope.HandOut(weights[^1]);
        }

        return moved;
    }
}
