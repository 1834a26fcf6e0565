using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Bert;

/// <summary>
/// Is the masked-token head: a transform and the token embedding, or where the configuration unties it a weight of its own, as a map to logits, with a bias of
/// its own.
/// </summary>
internal sealed class BertLMPredictionHead : nn.Module<Tensor, Tensor>
{
    private readonly BertPredictionHeadTransform transform;
    private readonly nn.Module<Tensor, Tensor> decoder;
    private readonly Parameter bias; // [vocab]

    public BertLMPredictionHead(BertSettings settings, Layers.Embedding tokens, bool isTied, Device device)
        : base(nameof(BertLMPredictionHead))
    {
        transform = new BertPredictionHeadTransform(settings, device);
        decoder = isTied ? new TiedLinear(tokens) : new Layers.Linear(settings.Width, settings.VocabSize, hasBias: false, device);
        bias = Weights.Unfilled([settings.VocabSize], device);
        RegisterComponents();
    }

    /// <summary>Maps the last residual stream [row, position, dModel] to logits [row, position, vocab].</summary>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return scope.HandOut(decoder.call(transform.call(hidden)).add(bias, Scalars.Of(1))); // [row, position, vocab]
    }
}
