using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Builds the parts of heads that several architectures of encoders have.</summary>
internal static class EncoderHeads
{
    /// <summary>Returns the map to logits: the token embedding or, where the configuration unties it, a weight of its own; without a bias.</summary>
    public static nn.Module<Tensor, Tensor> Decoder(Encoder body, Weights weights) => body.Config.Flag("tie_word_embeddings")
        ? new TiedLinear(body.Tokens)
        : new Linear(body.Width, body.VocabSize, hasBias: false, weights);

    /// <summary>Returns the masked-token head of RoBERTa's kind, whose activation is exact GELU whatever the configuration says.</summary>
    public static IReadOnlyList<(string? Name, nn.Module<Tensor, Tensor> Part)> Masked(Encoder body, Weights weights) =>
    [
        ("lm_head", new Chain(
            weights.Unfilled(body.VocabSize),
            ("dense", body.Settings.CreateLinear(body.Width, weights)),
            ("activation", Activations.Create("gelu", body.Config)),
            ("layer_norm", body.Settings.CreateNorm(weights)),
            ("decoder", Decoder(body, weights)))),
    ];

    /// <summary>Returns the classifier of texts of RoBERTa's kind, which has its own summary of the first position.</summary>
    public static IReadOnlyList<(string? Name, nn.Module<Tensor, Tensor> Part)> Classifier(Encoder body, Weights weights) =>
    [
        ("classifier", new Chain(
            ("first", new FirstPosition()),
            ("dropout", nn.Dropout(body.Settings.ClassifierDropout)),
            ("dense", body.Settings.CreateLinear(body.Width, weights)),
            ("activation", Activations.Create("tanh", body.Config)),
            ("out_dropout", nn.Dropout(body.Settings.ClassifierDropout)),
            ("out_proj", body.Settings.CreateLinear(body.Config.LabelCount, weights)))),
    ];
}
