using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Bert;

/// <summary>Is BERT as a classifier of texts: Hugging Face's <c>BertForSequenceClassification</c>.</summary>
internal sealed class BertForSequenceClassification : HeadedModel
{
    private readonly Func<Tensor, Tensor> classify;

    public BertForSequenceClassification(ModelConfig config, Device device)
        : this(new BertModel(config, device), device)
    {
    }

    private BertForSequenceClassification(BertModel body, Device device)
        : base(nameof(BertForSequenceClassification), body, "bert")
    {
        var dropout = nn.Dropout(Config.GetNumber("classifier_dropout") ?? body.Settings.HiddenDropout);
        var classifier = new Linear(body.Width, Config.LabelCount, hasBias: true, device);
        register_module("dropout", dropout);
        register_module("classifier", classifier);
        classify = hidden => classifier.call(dropout.call(body.Pool(hidden)));
    }

    private protected override ModelOutput Finish(TransformerPass pass)
    {
        var last = Body.Normalize(pass.Hidden); // [row, position, dModel]
        var logits = classify(last); // [row, label]
        var loss = pass.Inputs.Labels is { } labels ? Losses.Classification(logits, labels, Config.GetString("problem_type")) : null;
        return TransformerBody.Output(pass, last, new ModelOutput { Logits = logits, Loss = loss });
    }
}
