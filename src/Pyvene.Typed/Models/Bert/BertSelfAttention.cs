using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Bert;

/// <summary>Is BERT's self-attention, up to the mixed values of all heads.</summary>
internal sealed class BertSelfAttention : nn.Module<Tensor, AttentionContext, Tensor>
{
    private readonly Linear query;
    private readonly Linear key;
    private readonly Linear value;
    private readonly Tap dropout;
    private readonly AttentionRule rule;
    private readonly long heads;
    private readonly int layer;

    public BertSelfAttention(BertSettings settings, int layer, Device device)
        : base(nameof(BertSelfAttention))
    {
        (heads, this.layer) = (settings.HeadCount, layer);
        rule = new AttentionRule(1 / Math.Sqrt(settings.Width / settings.HeadCount));
        query = new Linear(settings.Width, settings.Width, hasBias: true, device);
        key = new Linear(settings.Width, settings.Width, hasBias: true, device);
        value = new Linear(settings.Width, settings.Width, hasBias: true, device);
        dropout = new Tap(settings.AttentionDropout);
        RegisterComponents();
    }

    /// <summary>Maps the residual stream [row, position, dModel] to the values that each position takes from all.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var (queries, keys, values) = (Heads(query.call(hidden)), Heads(key.call(hidden)), Heads(value.call(hidden))); // [row, head, position, dHead]
        var mixed = Attention.Attend(queries, keys, values, rule, context.MaskOf(), context, dropout, context.HeadMaskOf(layer)); // [row, head, position, dHead]
        return scope.HandOut(mixed.transpose(1, 2).reshape(hidden.shape)); // [row, position, dModel]
    }

    private Tensor Heads(Tensor projected) => projected.view(projected.shape[0], projected.shape[1], heads, projected.shape[2] / heads).transpose(1, 2); // [row, head, position, dHead]
}
