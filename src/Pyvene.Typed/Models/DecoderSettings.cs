using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Holds the checked sizes and choices of a decoder of Llama's kind; each architecture reads its own from a configuration.</summary>
internal sealed record DecoderSettings
{
    /// <summary>Gets the configuration that the settings were read from.</summary>
    public required ModelConfig Source { get; init; }

    /// <summary>Gets the number of tokens (<c>vocab_size</c>).</summary>
    public required long VocabSize { get; init; }

    /// <summary>Gets dModel, the width of the residual stream (<c>hidden_size</c>).</summary>
    public required long Width { get; init; }

    /// <summary>Gets the number of blocks (<c>num_hidden_layers</c>).</summary>
    public required int LayerCount { get; init; }

    /// <summary>Gets the number of query heads (<c>num_attention_heads</c>).</summary>
    public required long HeadCount { get; init; }

    /// <summary>Gets the number of key and value heads (<c>num_key_value_heads</c>), a divisor of the number of query heads.</summary>
    public required long KeyHeadCount { get; init; }

    /// <summary>Gets dHead, the width of a head (<c>head_dim</c>).</summary>
    public required long HeadWidth { get; init; }

    /// <summary>Gets dMlp, the width inside the MLP (<c>intermediate_size</c>).</summary>
    public required long InnerWidth { get; init; }

    /// <summary>Gets the Hugging Face name of the MLP's activation function.</summary>
    public required string Activation { get; init; }

    /// <summary>Gets the number that norms add to the mean square.</summary>
    public required double NormEpsilon { get; init; }

    /// <summary>Gets the probability, 0 to 1, that an attention weight is dropped in training.</summary>
    public required double AttentionDropout { get; init; }

    /// <summary>Gets the rotary positions.</summary>
    public required RotarySettings Rotary { get; init; }

    /// <summary>Gets the factor on attention scores.</summary>
    public required double ScoreScale { get; init; }

    /// <summary>Gets the bound of attention scores, or <see langword="null"/>.</summary>
    public double? ScoreCap { get; init; }

    /// <summary>Gets the bound of logits, or <see langword="null"/>.</summary>
    public double? LogitCap { get; init; }

    /// <summary>Gets how many keys up to itself a query of each layer sees; <see langword="null"/> = all.</summary>
    public required IReadOnlyList<long?> Windows { get; init; }

    /// <summary>Gets whether the projections to queries, keys and values have biases.</summary>
    public bool HasProjectionBias { get; init; }

    /// <summary>Gets whether attention's output projection has a bias.</summary>
    public bool HasOutputBias { get; init; }

    /// <summary>Gets whether the MLP's projections have biases.</summary>
    public bool HasMlpBias { get; init; }

    /// <summary>Gets the probability, 0 to 1, that an element of what a block adds is dropped in training.</summary>
    public double HiddenDropout { get; init; }

    /// <summary>Gets whether attention and MLP both read what enters the block.</summary>
    public bool IsParallel { get; init; }

    /// <summary>Gets whether queries and keys are normed head by head.</summary>
    public bool NormsHeads { get; init; }

    /// <summary>Gets whether the weights of norms count from one.</summary>
    public bool NormsCountFromOne { get; init; }

    /// <summary>Gets whether embeddings are multiplied by the root of dModel.</summary>
    public bool ScalesEmbeddings { get; init; }

    /// <summary>Reads the fields that architectures of Llama's kind share.</summary>
    /// <param name="config">The configuration, which the architecture's table has checked and completed.</param>
    /// <param name="rotary">Reads the rotary positions of a head's width; by default whole heads are turned.</param>
    /// <exception cref="CheckpointException">A size does not fit another.</exception>
    public static DecoderSettings Read(ModelConfig config, Func<long, RotarySettings>? rotary = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        var (width, heads) = (config.Size("hidden_size"), config.Size("num_attention_heads"));
        var keyHeads = config.GetInteger("num_key_value_heads") ?? heads;
        var layers = (int)config.Size("num_hidden_layers");
        if (heads % keyHeads != 0)
        {
            throw new CheckpointException(config.Origin, $"'num_attention_heads' must be a multiple of 'num_key_value_heads', but they are {heads} and {keyHeads}.");
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
            InnerWidth = config.Size("intermediate_size"),
            Activation = config.Text("hidden_act"),
            NormEpsilon = config.Number("rms_norm_eps"),
            AttentionDropout = config.Number("attention_dropout"),
            Rotary = rotary?.Invoke(headWidth) ?? RotaryFields.Read(config, headWidth, ["rope_theta"], ["partial_rotary_factor"], fallbackPart: 1),
            ScoreScale = 1 / Math.Sqrt(headWidth),
            Windows = new long?[layers],
        };
    }

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

    /// <summary>Returns a new norm of the residual stream.</summary>
    public RmsNorm CreateNorm(Device device) => new(Width, NormEpsilon, device, NormsCountFromOne);
}
