using Pyvene.Typed.Models.Fields;
using static Pyvene.Typed.Models.Fields.CommonFields;
using static Pyvene.Typed.Models.Fields.FieldRule;

namespace Pyvene.Typed.Models.Gpt2;

/// <summary>Describes GPT-2. Source: Radford et al., Language Models are Unsupervised Multitask Learners, 2019.</summary>
internal static class GPT2Architecture
{
    private static readonly ConfigTable Fields = new(
        [
            .. OfClassifiers,
            new("vocab_size", Size(50257)),
            new("n_positions", Size(1024).Or("max_position_embeddings")),
            new("n_embd", Size(768, Widest).Or("hidden_size")),
            new("n_layer", Size(12, MostLayers).Or("num_hidden_layers")),
            new("n_head", Size(12, Widest).Or("num_attention_heads")),
            new("n_inner", Size(null, WidestInside).OrNull),
            new("activation_function", Activation("gelu_new")),
            new("layer_norm_epsilon", Epsilon(1e-5)),
            new("attn_pdrop", Probability(0.1)),
            new("embd_pdrop", Probability(0.1)),
            new("resid_pdrop", Probability(0.1)),
            new("scale_attn_weights", Flag(true)),
            new("scale_attn_by_inverse_layer_idx", Flag(false)),
            new("reorder_and_upcast_attn", Flag(false)),
            new("tie_word_embeddings", Flag(true)),
            new("position_embedding_type", Only("\"absolute\"")),
            new("num_senses", Only()), // a Backpack's
        ],
        "n_ctx", "output_past", "classifier_dropout", "summary_activation", "summary_first_dropout", "summary_proj_to_labels", "summary_type", "summary_use_proj")
    { LayerField = "n_layer" };

    /// <summary>Gets the architecture; its old checkpoints carry the causal mask of every layer.</summary>
    public static DecoderArchitecture Instance { get; } = new()
    {
        ModelType = "gpt2",
        ClassPrefix = "GPT2",
        LanguageModelClass = "GPT2LMHeadModel",
        BodyName = "transformer",
        Fields = Fields,
        IgnoredEndings = [".attn.bias", ".attn.masked_bias"],
        CreateBody = (architecture, config, device) => new GPT2Model(architecture, config, device),
    };
}
