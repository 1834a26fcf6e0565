using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is an encoder that fills in masked tokens.</summary>
internal sealed class MaskedTokenModel : HeadedModel
{
    private readonly Func<Tensor, Tensor> head;

    public MaskedTokenModel(string name, ModelConfig config, EncoderArchitecture architecture, Weights weights)
        : this(name, new Encoder(architecture, config, weights, hasPooler: false), architecture, weights)
    {
    }

    private MaskedTokenModel(string name, Encoder body, EncoderArchitecture architecture, Weights weights)
        : base(name, body, architecture.Parts.Body)
    {
        head = Chain.Join(this, architecture.CreateTokenHead(body, weights));
    }

    internal override bool SelectsLogits => true;

    internal override void CheckArguments(ModelInputs inputs)
    {
        base.CheckArguments(inputs);
        Losses.CheckTokenLabels(inputs, Body.VocabSize);
    }

    private protected override ModelOutput Finish(TextPass pass)
    {
        var last = Body.Normalize(pass.Hidden); // [row, position, dModel]
        // [row, selected, vocab]
        var logits = pass.Inputs.Labels is null ? pass.Inputs.Logits.Select(last) is { } selected ? head(selected) : null : head(last);
        return pass.Inputs.Labels is not { } labels ? TextBody.Output(pass, last, new ModelOutput { Logits = logits })
            : TextBody.Output(pass, last, new ModelOutput { Logits = pass.Inputs.Logits.Select(logits!), Loss = Losses.EachToken(logits!, labels) });
    }
}
