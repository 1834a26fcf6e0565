using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Holds the checked sizes and choices of a decoder; each architecture reads its own from a configuration.</summary>
internal sealed record DecoderSettings
{
    public required ModelConfig Source { get; init; }
    public required long VocabSize { get; init; }
    public required long Width { get; init; } // dModel
    public required int LayerCount { get; init; }
    public required long HeadCount { get; init; } // of queries
    public required long KeyHeadCount { get; init; } // of keys and values, a divisor of the number of query heads
    public required long HeadWidth { get; init; } // dHead
    public required long InnerWidth { get; init; } // dMlp
    public required string Activation { get; init; } // the Hugging Face name of the MLP's function
    public required double NormEpsilon { get; init; } // what norms add to the variance or the mean square

    /// <summary>Gets the parts, where they are not those that the architecture has always.</summary>
    public DecoderParts? Parts { get; init; }

    // Positions: turned, or told by what scores fall with, or learnt and as many as these.
    public RotarySettings? Rotary { get; init; }
    public RotarySettings? WindowRotary { get; init; } // of layers with a window, where it differs
    public LinearBiasSettings? Biases { get; init; }
    public long? PositionCount { get; init; }
    public long? SegmentCount { get; init; } // of segment ids, which the token embedding takes, too

    // Attention.
    public required double ScoreScale { get; init; }
    public bool DividesScoresByLayer { get; init; } // counted from 1
    public double? ScoreCap { get; init; } // the bound of scores
    public bool UpcastsScores { get; init; } // to float32, whatever the dtype of the model
    public bool BlocksForGood { get; init; } // see CausalRule
    public required IReadOnlyList<long?> Windows { get; init; } // how many keys up to itself a query of each layer sees; null = all
    public double? ProjectionBound { get; init; } // of queries, keys and values, in both directions
    public bool NormsHeads { get; init; } // queries and keys, head by head
    public bool NormsHeadsInFront { get; init; } // of the positions: what a hook on such a norm sees is [row, head, position, dHead]
    public bool NormsProjections { get; init; } // queries and keys, all heads together
    public bool HasSinks { get; init; } // see AttentionRule

    // Biases.
    public bool HasProjectionBias { get; init; } // to queries, keys and values
    public bool HasOutputBias { get; init; } // of attention
    public bool HasMlpBias { get; init; }

    /// <summary>Gets the experts that stand in the MLP's place; <see langword="null"/> = it is one MLP.</summary>
    public ExpertSettings? Experts { get; init; }

    // In training, the probability, 0 to 1, that an element is dropped.
    public double EmbeddingDropout { get; init; }
    public required double AttentionDropout { get; init; } // of the weights
    public double HiddenDropout { get; init; } // of what a block adds

    // The residual stream.
    public bool ScalesEmbeddings { get; init; } // by the root of dModel, given ones too
    public bool ScalesTokens { get; init; } // the embeddings of tokens only, in the module that looks them up
    public bool IsParallel { get; init; } // attention and MLP both read what enters the block
    public bool CentresNorms { get; init; }
    public bool NormsHaveWeight { get; init; } = true;
    public bool NormsHaveBias { get; init; } = true; // those that centre
    public bool NormsCountFromOne { get; init; }
    public bool NormsWeighInFloat32 { get; init; } // before the result is rounded to the dtype
    public double? LogitCap { get; init; } // the bound of logits

    /// <summary>Reads the fields that architectures of Llama's kind share.</summary>
    /// <param name="config">The configuration, which the architecture's table has checked and completed.</param>
    /// <param name="rotary">Reads the rotary positions of a head's width, or gives none; by default whole heads are turned.</param>
    /// <exception cref="CheckpointException">A size does not fit another.</exception>
    public static DecoderSettings Read(ModelConfig config, Func<long, RotarySettings?>? rotary = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        var (width, heads) = (config.Size("hidden_size"), config.Size("num_attention_heads"));
        var keyHeads = config.GetInteger("num_key_value_heads") ?? heads;
        var layers = (int)config.Size("num_hidden_layers");
        if (heads % keyHeads != 0)
        {
            throw new CheckpointException(
                config.Origin, $"'num_attention_heads' must be a multiple of 'num_key_value_heads', but they are {heads} and {keyHeads}.");
        }

        var headWidth = config.GetInteger("head_dim") ?? Quotient(config, width, heads);
        return new DecoderSettings
        {
            Source = config,
            VocabSize = config.Size("vocab_size"),
            Width = width,
            LayerCount = layers,
            HeadCount = heads,
            KeyHeadCount = keyHeads,
            HeadWidth = headWidth,
            InnerWidth = config.GetInteger("intermediate_size") ?? (4 * width),
            Activation = config.Text("hidden_act"),
            NormEpsilon = config.Number("rms_norm_eps"),
            AttentionDropout = config.Number("attention_dropout"),
            Rotary = rotary is null
                ? RotaryFields.Read(config, headWidth, ["rope_theta"], ["partial_rotary_factor"], fallbackPart: 1)
                : rotary(headWidth),
            ScoreScale = 1 / Math.Sqrt(headWidth),
            Windows = new long?[layers],
        };
    }

    /// <summary>Reads the fields that architectures share that have no rotary positions, and a key head for every query head.</summary>
    /// <param name="config">The configuration, which the architecture's table has checked and completed.</param>
    /// <exception cref="CheckpointException">A size does not fit another.</exception>
    public static DecoderSettings ReadUnturned(ModelConfig config) =>
        Read(config.With("""{"num_key_value_heads": null, "head_dim": null}"""), _ => null) with { Source = config };

    /// <summary>Returns these settings with a window in the layers that <c>layer_types</c> names or, without it, a rule does.</summary>
    /// <param name="window">The window; <see langword="null"/> = none.</param>
    /// <param name="slides">Whether a layer has the window.</param>
    /// <exception cref="CheckpointException">A kind of layer is unknown, there is not one for every layer, or one needs a window that is not there.</exception>
    public DecoderSettings WithWindows(long? window, Func<int, bool> slides)
    {
        var named = LayerKinds.Read(Source, LayerCount, window);
        return this with { Windows = [.. Enumerable.Range(0, LayerCount).Select(layer => named?[layer] ?? slides(layer) ? window : null)] };
    }

    /// <summary>Returns these settings, in which no layer has a window.</summary>
    /// <exception cref="CheckpointException"><c>layer_types</c> asks for one, or is not understood.</exception>
    public DecoderSettings WithoutWindows() => WithWindows(null, _ => false);

    private static long Quotient(ModelConfig config, long width, long heads) =>
        width % heads == 0 ? width / heads : throw new CheckpointException(config.Origin, $"'hidden_size' must be a multiple of 'num_attention_heads' where "
            + $"'head_dim' is absent, but they are {width} and {heads}.");

    /// <summary>Returns how a layer turns scores into attention weights.</summary>
    public AttentionRule RuleOf(int layer) => new(DividesScoresByLayer ? ScoreScale / (layer + 1) : ScoreScale, ScoreCap, UpcastsScores);

    /// <summary>Returns the rotary positions: none, those of all layers, or those of the layers with each window.</summary>
    public IReadOnlyList<(long? Window, RotaryEmbedding Rotary)> CreateRotaries()
    {
        if (Rotary is null)
        {
            return [];
        }

        var all = new RotaryEmbedding(Rotary);
        return WindowRotary is null
            ? [(null, all)]
            : [.. Windows.Distinct().Select(window => (window, window is null ? all : new RotaryEmbedding(WindowRotary)))];
    }

    /// <summary>Returns a new norm of the residual stream.</summary>
    public nn.Module<Tensor, Tensor> CreateNorm(Weights weights) =>
        CentresNorms
            ? new LayerNorm(Width, NormEpsilon, weights, NormsHaveBias && NormsHaveWeight, NormsHaveWeight)
            : new RmsNorm(Width, NormEpsilon, weights, NormsCountFromOne, NormsWeighInFloat32);
}
