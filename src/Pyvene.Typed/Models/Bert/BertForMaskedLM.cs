using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Bert;

/// <summary>Is BERT that fills in masked tokens: Hugging Face's <c>BertForMaskedLM</c>.</summary>
internal sealed class BertForMaskedLM : HeadedModel
{
    private readonly Func<Tensor, Tensor> head;

    public BertForMaskedLM(ModelConfig config, Device device)
        : this(new BertModel(config, device, hasPooler: false), device)
    {
    }

    private BertForMaskedLM(BertModel body, Device device)
        : base(nameof(BertForMaskedLM), body, "bert")
    {
        var cls = new BertOnlyMLMHead(body.Settings, body.Tokens, body.Config.Flag("tie_word_embeddings"), device);
        register_module("cls", cls);
        head = cls.call;
    }

    internal override bool SelectsLogits => true;

    internal override void CheckArguments(ModelInputs inputs)
    {
        base.CheckArguments(inputs);
        Losses.CheckTokenLabels(inputs, Body.VocabSize);
    }

    private protected override ModelOutput Finish(TransformerPass pass)
    {
        var last = Body.Normalize(pass.Hidden); // [row, position, dModel]
        var logits = pass.Inputs.Labels is null ? pass.Inputs.Logits.Select(last) is { } selected ? head(selected) : null : head(last); // [row, selected, vocab]
        return pass.Inputs.Labels is not { } labels ? TransformerBody.Output(pass, last, new ModelOutput { Logits = logits })
            : TransformerBody.Output(pass, last, new ModelOutput { Logits = pass.Inputs.Logits.Select(logits!), Loss = Losses.EachToken(logits!, labels) });
    }
}
