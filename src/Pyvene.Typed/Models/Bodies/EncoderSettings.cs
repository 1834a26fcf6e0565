using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Layers;

namespace Pyvene.Typed.Models;

/// <summary>Holds the sizes and choices of an encoder of BERT's kind, or of a tower of patches or tokens.</summary>
internal sealed record EncoderSettings
{
    public required ModelConfig Source { get; init; }
    public long VocabSize { get; init; } // 0 = it reads no tokens
    public required long Width { get; init; } // dModel
    public required int LayerCount { get; init; }
    public required long HeadCount { get; init; }
    public required long InnerWidth { get; init; } // dMlp
    public required string Activation { get; init; }
    public required double HiddenDropout { get; init; }
    public required double AttentionDropout { get; init; }
    public required double NormEpsilon { get; init; }

    /// <summary>Gets the number of positions that have an embedding; <see langword="null"/> = they need none.</summary>
    public required long? PositionCount { get; init; }

    /// <summary>Gets the number of segments that have an embedding, where there are any.</summary>
    public long SegmentCount { get; init; }

    /// <summary>Gets the token that positions count from behind and leave out; <see langword="null"/> = they count from 0 and leave out nothing.</summary>
    public long? PaddingToken { get; init; }

    /// <summary>Gets whether the embeddings of positions start as sines and cosines in a model with random weights.</summary>
    public bool HasSinusoids { get; init; }

    /// <summary>Gets how positions turn queries and keys; <see langword="null"/> = they do not.</summary>
    public RotarySettings? Rotary { get; init; }

    /// <summary>Gets whether the maps to queries, keys and values have biases.</summary>
    public bool HasMapBias { get; init; } = true;

    public long HeadWidth => Width / HeadCount; // dHead

    /// <summary>Gets the probability that a classifier drops what it reads with in training.</summary>
    public double ClassifierDropout => Source.GetNumber("classifier_dropout") ?? HiddenDropout;

    /// <summary>Reads a configuration.</summary>
    /// <param name="config">The configuration, which its table has checked and completed.</param>
    /// <exception cref="CheckpointException">The heads do not divide the width.</exception>
    public static EncoderSettings Read(ModelConfig config)
    {
        var (width, heads) = (config.Size("hidden_size"), config.Size("num_attention_heads"));
        return width % heads != 0
            ? throw new CheckpointException(
                config.Origin, $"'hidden_size' must be a multiple of 'num_attention_heads', but is {width} with {heads} heads.")
            : new EncoderSettings
            {
                Source = config,
                VocabSize = config.GetInteger("vocab_size") ?? 0,
                Width = width,
                LayerCount = (int)config.Size("num_hidden_layers"),
                HeadCount = heads,
                InnerWidth = config.Size("intermediate_size"),
                Activation = config.Text("hidden_act"),
                HiddenDropout = config.Number("hidden_dropout_prob"),
                AttentionDropout = config.Number("attention_probs_dropout_prob"),
                NormEpsilon = config.Number("layer_norm_eps"),
                PositionCount = config.GetInteger("max_position_embeddings"),
                SegmentCount = config.GetInteger("type_vocab_size") ?? 0,
            };
    }

    /// <summary>Returns a new norm of the residual stream.</summary>
    public LayerNorm CreateNorm(Weights weights) => new(Width, NormEpsilon, weights);

    /// <summary>Returns a new map from the width of the residual stream to another.</summary>
    public Linear CreateLinear(long outputs, Weights weights) => new(Width, outputs, hasBias: true, weights);

    /// <summary>Returns a new activation function of the MLP.</summary>
    public TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor> CreateActivation() => Activations.Create(Activation, Source);
}
