using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is the base of language models: a decoder and a head that gives a logit for every token.</summary>
/// <remarks>
/// Logits are computed for the positions that <see cref="ModelInputs.Logits"/> selects; then the final norm, too, sees only those, unless hidden
/// states or a loss are asked for.
/// The loss is the mean cross entropy of the next token, labels of −100 left out.
/// </remarks>
public abstract class CausalLanguageModel : BlockwiseModel
{
    private protected CausalLanguageModel(string name, ModelConfig config)
        : base(name, config)
    {
    }

    /// <inheritdoc/>
    public sealed override int BlockCount => Body.BlockCount;

    /// <summary>Gets the bare model.</summary>
    private protected abstract DecoderModel Body { get; }

    /// <summary>Gets the map from the final norm's output to logits.</summary>
    private protected abstract nn.Module<Tensor, Tensor> Head { get; }

    /// <inheritdoc/>
    public sealed override BlockwisePass Begin(ModelInputs inputs) => Body.Begin(inputs);

    /// <inheritdoc/>
    public sealed override void RunBlock(BlockwisePass pass, int block) => Body.RunBlock(pass, block);

    /// <inheritdoc/>
    public sealed override ModelOutput Finish(BlockwisePass pass)
    {
        var decoding = (DecoderPass)pass;
        using var scope = NewDisposeScope();
        var output = pass.Inputs.Labels is { } labels ? WithLoss(decoding, labels)
            : decoding.HiddenStates is null ? Selected(decoding)
            : WithHiddenStates(decoding);
        return scope.HandOut(output);
    }

    private ModelOutput Selected(DecoderPass pass)
    {
        var selected = pass.Inputs.Logits.Select(pass.Hidden); // [row, selected, dModel]
        var logits = selected is null ? null : Head.call(Body.Normalize(selected)); // [row, selected, vocab]
        return DecoderModel.Output(pass, null, new ModelOutput { Logits = logits });
    }

    private ModelOutput WithHiddenStates(DecoderPass pass)
    {
        var last = Body.Normalize(pass.Hidden); // [row, position, dModel]
        var selected = pass.Inputs.Logits.Select(last); // [row, selected, dModel]
        return DecoderModel.Output(pass, last, new ModelOutput { Logits = selected is null ? null : Head.call(selected) });
    }

    private ModelOutput WithLoss(DecoderPass pass, Tensor labels)
    {
        var last = Body.Normalize(pass.Hidden); // [row, position, dModel]
        var logits = Head.call(last); // [row, position, vocab]
        return DecoderModel.Output(pass, last, new ModelOutput { Logits = pass.Inputs.Logits.Select(logits), Loss = Losses.NextToken(logits, labels) });
    }
}
