using Pyvene.Typed.Descriptors;
using static Pyvene.Typed.Models.Fields.CommonFields;
using static Pyvene.Typed.Models.Fields.FieldRule;

namespace Pyvene.Typed.Models.Fields;

/// <summary>Makes the tables of encoders of BERT's kind, which share most fields.</summary>
internal static class EncoderFields
{
    /// <summary>Returns the table of an architecture.</summary>
    /// <param name="key">The architecture's key; its descriptor says what sizes that are left out are.</param>
    /// <param name="own">Its own fields; they come before the shared ones.</param>
    /// <param name="harmless">Its own fields that change no number here.</param>
    public static ConfigTable Create(string key, Dictionary<string, FieldRule> own, params string[] harmless) =>
        new([.. OfClassifiers, .. Shared(key), .. own], harmless) { LayerField = "num_hidden_layers" };

    private static Dictionary<string, FieldRule> Shared(string key) => new()
    {
        ["vocab_size"] = Size(ArchitectureDescriptor.DefaultOf(key, "vocab_size")),
        ["hidden_size"] = Size(ArchitectureDescriptor.DefaultOf(key, "hidden_size"), Widest),
        ["num_hidden_layers"] = Size(ArchitectureDescriptor.DefaultOf(key, "num_hidden_layers"), MostLayers),
        ["num_attention_heads"] = Size(ArchitectureDescriptor.DefaultOf(key, "num_attention_heads"), Widest),
        ["intermediate_size"] = Size(ArchitectureDescriptor.DefaultOf(key, "intermediate_size"), Widest),
        ["max_position_embeddings"] = Size(ArchitectureDescriptor.DefaultOf(key, "max_position_embeddings"), Widest),
        ["hidden_act"] = Activation("gelu"),
        ["layer_norm_eps"] = Epsilon(1e-12),
        ["hidden_dropout_prob"] = Probability(0.1),
        ["attention_probs_dropout_prob"] = Probability(0.1),
        ["is_decoder"] = Only("false"),
        ["position_embedding_type"] = Kept("\"absolute\""), // with null transformers has no positions at all
        ["tie_word_embeddings"] = Flag(true),
    };
}
