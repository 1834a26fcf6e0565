using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Holds the sizes and choices of an encoder of BERT's kind.</summary>
/// <param name="config">The configuration, which its table has checked and completed.</param>
/// <exception cref="CheckpointException">The heads do not divide the width.</exception>
internal sealed class EncoderSettings(ModelConfig config)
{
    public ModelConfig Source => config;
    public long VocabSize { get; } = config.Size("vocab_size");
    public long Width { get; } = config.Size("hidden_size"); // dModel
    public int LayerCount { get; } = (int)config.Size("num_hidden_layers");
    public long HeadCount { get; } = config.Size("hidden_size") % config.Size("num_attention_heads") == 0
        ? config.Size("num_attention_heads")
        : throw new CheckpointException(config.Origin, $"'hidden_size' must be a multiple of 'num_attention_heads', but is {config.Size("hidden_size")} with "
            + $"{config.Size("num_attention_heads")} heads.");
    public long InnerWidth { get; } = config.Size("intermediate_size"); // dMlp
    public long PositionCount { get; } = config.Size("max_position_embeddings");
    public long SegmentCount { get; } = config.Size("type_vocab_size");
    public string Activation { get; } = config.Text("hidden_act");
    public double HiddenDropout { get; } = config.Number("hidden_dropout_prob");
    public double AttentionDropout { get; } = config.Number("attention_probs_dropout_prob");

    /// <summary>Returns a new norm of the residual stream.</summary>
    public LayerNorm CreateNorm(Weights weights) => new(Width, config.Number("layer_norm_eps"), weights);
}
