using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Models.Bert;

/// <summary>Is a checked view of a BERT configuration, with Hugging Face's defaults.</summary>
internal sealed record BertSettings
{
    // Far beyond any model, and small enough that no product of two sizes overflows.
    private const long MostLayers = 10_000;
    private const long Widest = 1 << 20;

    /// <summary>Reads the fields of a configuration.</summary>
    /// <param name="config">The configuration.</param>
    /// <exception cref="CheckpointException">A size is absurd, or the configuration asks for something that BERT models here do not have.</exception>
    public BertSettings(ModelConfig config)
    {
        Source = config;
        VocabSize = config.GetSize("vocab_size", 30522);
        Width = config.GetSize("hidden_size", 768, Widest);
        LayerCount = (int)config.GetSize("num_hidden_layers", 12, MostLayers);
        HeadCount = config.GetSize("num_attention_heads", 12);
        InnerWidth = config.GetSize("intermediate_size", 3072, Widest);
        PositionCount = config.GetSize("max_position_embeddings", 512, Widest);
        SegmentCount = config.GetSize("type_vocab_size", 2, Widest);
        Activation = config.GetString("hidden_act") ?? "gelu";
        NormEpsilon = config.GetNumber("layer_norm_eps") ?? 1e-12;
        HiddenDropout = config.GetNumber("hidden_dropout_prob") ?? 0.1;
        AttentionDropout = config.GetNumber("attention_probs_dropout_prob") ?? 0.1;
        if (Width % HeadCount != 0)
        {
            throw new CheckpointException(config.Origin, $"'hidden_size' must be a multiple of 'num_attention_heads', but is {Width} with {HeadCount} heads.");
        }

        if (config.GetBoolean("is_decoder") == true || config.GetString("position_embedding_type") is not (null or "absolute"))
        {
            throw new CheckpointException(config.Origin, "BERT is supported as an encoder with absolute positions, but 'is_decoder' or 'position_embedding_type' asks for another.");
        }
    }

    public ModelConfig Source { get; }

    public long VocabSize { get; }

    public long Width { get; }

    public int LayerCount { get; }

    public long HeadCount { get; }

    public long InnerWidth { get; }

    public long PositionCount { get; }

    public long SegmentCount { get; }

    public string Activation { get; }

    public double NormEpsilon { get; }

    public double HiddenDropout { get; }

    public double AttentionDropout { get; }
}
