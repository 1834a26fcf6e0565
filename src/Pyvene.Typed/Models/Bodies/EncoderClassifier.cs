using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is a classifier on an encoder: of texts, or of every token.</summary>
internal sealed class EncoderClassifier : HeadedModel
{
    private readonly Func<Tensor, Tensor> classify;
    private readonly bool isOfTokens;

    public EncoderClassifier(string name, ModelConfig config, EncoderArchitecture architecture, Weights weights, bool isOfTokens)
        : this(name, new Encoder(architecture, config, weights, hasPooler: !isOfTokens && architecture.ClassifierPools), architecture, weights, isOfTokens)
    {
    }

    private EncoderClassifier(string name, Encoder body, EncoderArchitecture architecture, Weights weights, bool isOfTokens)
        : base(name, body, architecture.Parts.Body)
    {
        this.isOfTokens = isOfTokens;
        classify = Chain.Join(this, isOfTokens ? OfTokens(body, weights) : architecture.CreateClassifier(body, weights));
    }

    private protected override ModelOutput Finish(TextPass pass)
    {
        var last = Body.Normalize(pass.Hidden); // [row, position, dModel]
        var logits = classify(last); // [row, label] or [row, position, label]
        var loss = pass.Inputs.Labels is not { } labels ? null
            : isOfTokens ? Losses.EachToken(logits, labels)
            : Losses.Classification(logits, labels, Config.GetString("problem_type"));
        return TextBody.Output(pass, last, new ModelOutput { Logits = logits, Loss = loss });
    }

    private static IReadOnlyList<(string? Name, nn.Module<Tensor, Tensor> Part)> OfTokens(Encoder body, Weights weights) =>
    [
        ("dropout", nn.Dropout(body.Settings.ClassifierDropout)),
        ("classifier", body.Settings.CreateLinear(body.Config.LabelCount, weights)),
    ];
}
