using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Models.Bert;

/// <summary>Is a typed view of a BERT configuration that its table has checked.</summary>
internal sealed record BertSettings
{
    /// <summary>Reads the fields of a configuration.</summary>
    /// <param name="config">The configuration.</param>
    /// <exception cref="CheckpointException">The heads do not divide the width.</exception>
    public BertSettings(ModelConfig config)
    {
        Source = config;
        VocabSize = config.Size("vocab_size");
        Width = config.Size("hidden_size");
        LayerCount = (int)config.Size("num_hidden_layers");
        HeadCount = config.Size("num_attention_heads");
        InnerWidth = config.Size("intermediate_size");
        PositionCount = config.Size("max_position_embeddings");
        SegmentCount = config.Size("type_vocab_size");
        Activation = config.Text("hidden_act");
        NormEpsilon = config.Number("layer_norm_eps");
        HiddenDropout = config.Number("hidden_dropout_prob");
        AttentionDropout = config.Number("attention_probs_dropout_prob");
        if (Width % HeadCount != 0)
        {
            throw new CheckpointException(config.Origin, $"'hidden_size' must be a multiple of 'num_attention_heads', but is {Width} with {HeadCount} heads.");
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
