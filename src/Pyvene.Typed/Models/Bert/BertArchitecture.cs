using Pyvene.Typed.Models.Fields;
using static Pyvene.Typed.Models.Fields.CommonFields;
using static Pyvene.Typed.Models.Fields.FieldRule;

namespace Pyvene.Typed.Models.Bert;

/// <summary>Lists BERT's classes.</summary>
internal static class BertArchitecture
{
    private const string ModelType = "bert";

    private static readonly ConfigTable Fields = new(
        [
            .. OfClassifiers,
            new("vocab_size", Size(30522)),
            new("hidden_size", Size(768, Widest)),
            new("num_hidden_layers", Size(12, MostLayers)),
            new("num_attention_heads", Size(12, Widest)),
            new("intermediate_size", Size(3072, Widest)),
            new("max_position_embeddings", Size(512, Widest)),
            new("type_vocab_size", Size(2, Widest)),
            new("hidden_act", Activation("gelu")),
            new("layer_norm_eps", Epsilon(1e-12)),
            new("hidden_dropout_prob", Probability(0.1)),
            new("attention_probs_dropout_prob", Probability(0.1)),
            new("classifier_dropout", Probability(null).OrNull),
            new("is_decoder", Only("false")),
            new("position_embedding_type", Only("\"absolute\"")),
            new("tie_word_embeddings", Flag(true)),
        ],
        "directionality", "pooler_fc_size", "pooler_num_attention_heads", "pooler_num_fc_layers", "pooler_size_per_head", "pooler_type")
    { LayerField = "num_hidden_layers" };

    /// <summary>Returns the classes that can be loaded.</summary>
    public static IEnumerable<ModelClass> Classes() =>
    [
        new ModelClass(nameof(BertModel), ModelType, Fields, (config, device) => new BertModel(config, device)),
        new ModelClass(nameof(BertForMaskedLM), ModelType, Fields, (config, device) => new BertForMaskedLM(config, device)),
        new ModelClass(nameof(BertForSequenceClassification), ModelType, Fields, (config, device) => new BertForSequenceClassification(config, device)),
    ];
}
