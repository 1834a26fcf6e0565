// Reproduces transformers 4.57.6, models/roberta/modeling_roberta.py, with eager attention's numbers.
using Pyvene.Typed.Models.Fields;
using static Pyvene.Typed.Models.Fields.CommonFields;
using static Pyvene.Typed.Models.Fields.FieldRule;

namespace Pyvene.Typed.Models;

/// <summary>
/// Describes RoBERTa: BERT's blocks with positions that leave out padding, and heads of its own. Source: Liu et al., RoBERTa, 2019.
/// </summary>
internal static class RobertaArchitecture
{
    /// <summary>Gets the architecture.</summary>
    public static EncoderArchitecture Instance { get; } = new()
    {
        ModelType = "roberta",
        ClassPrefix = "Roberta",
        Parts = new() { Body = "roberta" },
        Read = config => EncoderSettings.Read(config) with { PaddingToken = config.GetInteger("pad_token_id") },
        CreateBlock = (settings, layer, weights) => new BertLayer(settings, layer, weights),
        CreateTokenHead = EncoderHeads.Masked,
        CreateClassifier = EncoderHeads.Classifier,
        Fields = EncoderFields.Create("roberta", new()
        {
            ["type_vocab_size"] = Size(2, Widest),
            ["pad_token_id"] = Whole(1, 0, int.MaxValue),
            ["classifier_dropout"] = Probability(null).OrNull,
        }),
    };
}
