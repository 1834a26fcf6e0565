using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Bert;

/// <summary>Holds the masked-token head under Hugging Face's name.</summary>
internal sealed class BertOnlyMLMHead : nn.Module<Tensor, Tensor>
{
    private readonly BertLMPredictionHead predictions;

    public BertOnlyMLMHead(BertSettings settings, Embedding tokens, bool isTied, Device device)
        : base(nameof(BertOnlyMLMHead))
    {
        predictions = new BertLMPredictionHead(settings, tokens, isTied, device);
        RegisterComponents();
    }

    /// <summary>Maps the last residual stream [row, position, dModel] to logits [row, position, vocab].</summary>
    public override Tensor forward(Tensor hidden) => predictions.call(hidden);
}
