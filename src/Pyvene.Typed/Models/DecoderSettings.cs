using System.Text.Json;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Holds the checked sizes and choices of a decoder of Llama's kind; each architecture reads its own from a configuration.</summary>
internal sealed record DecoderSettings
{
    // Far beyond any model, and small enough that no product of two sizes overflows.
    private const long MostLayers = 10_000;
    private const long Widest = 1 << 20;
    private const long WidestInside = 1 << 24;

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
    /// <param name="config">The configuration.</param>
    /// <param name="defaults">What absent fields stand for.</param>
    /// <exception cref="CheckpointException">A size is absurd or does not fit another.</exception>
    public static DecoderSettings Read(ModelConfig config, DecoderDefaults defaults)
    {
        ArgumentNullException.ThrowIfNull(config);
        var (width, heads) = (config.GetSize("hidden_size", defaults.Width, Widest), config.GetSize("num_attention_heads", defaults.HeadCount, Widest));
        var keyHeads = config.GetSize("num_key_value_heads", defaults.KeyHeadCount ?? heads, Widest);
        var headWidth = config.GetSize("head_dim", defaults.HeadWidth ?? width / heads, Widest);
        var layers = (int)config.GetSize("num_hidden_layers", defaults.LayerCount, MostLayers);
        if (heads % keyHeads != 0)
        {
            throw new CheckpointException(config.Origin, $"'num_attention_heads' must be a multiple of 'num_key_value_heads', but they are {heads} and {keyHeads}.");
        }

        return new DecoderSettings
        {
            Source = config,
            VocabSize = config.GetSize("vocab_size", defaults.VocabSize),
            Width = width,
            LayerCount = layers,
            HeadCount = heads,
            KeyHeadCount = keyHeads,
            HeadWidth = headWidth,
            InnerWidth = config.GetSize("intermediate_size", defaults.InnerWidth, WidestInside),
            Activation = config.GetString("hidden_activation") ?? config.GetString("hidden_act") ?? defaults.Activation,
            NormEpsilon = config.GetNumber("rms_norm_eps") ?? defaults.NormEpsilon,
            AttentionDropout = config.GetNumber("attention_dropout") ?? 0,
            Rotary = RotarySettings.Read(config, headWidth, headWidth, defaults.RotaryBase, defaults.PositionCount),
            ScoreScale = 1 / Math.Sqrt(headWidth),
            Windows = new long?[layers],
        };
    }

    /// <summary>Returns these settings with the windows of <c>sliding_window</c>, in the layers that <c>layer_types</c> names or, without it, a rule does.</summary>
    /// <param name="config">The configuration; a null <c>sliding_window</c> = none.</param>
    /// <param name="slides">Whether a layer has the window.</param>
    /// <param name="fallbackWindow">The window when the configuration does not say.</param>
    /// <exception cref="CheckpointException">The window is absurd, or there is not one kind for every layer.</exception>
    public DecoderSettings WithWindows(ModelConfig config, Func<int, bool> slides, long fallbackWindow)
    {
        if (config.GetElement("sliding_window") is { ValueKind: JsonValueKind.Null })
        {
            return this;
        }

        var window = config.GetSize("sliding_window", fallbackWindow);
        if (config.GetElement("layer_types") is { ValueKind: JsonValueKind.Array } kinds)
        {
            var named = kinds.EnumerateArray().Select(kind => kind.ValueKind == JsonValueKind.String && kind.ValueEquals("sliding_attention")).ToArray();
            slides = named.Length == LayerCount
                ? layer => named[layer]
                : throw new CheckpointException(config.Origin, $"'layer_types' must name the kind of each of the {LayerCount} layers, but has {named.Length} entries.");
        }

        return this with { Windows = [.. Enumerable.Range(0, LayerCount).Select(layer => slides(layer) ? window : (long?)null)] };
    }

    /// <summary>Returns a new norm of the residual stream.</summary>
    public RmsNorm CreateNorm(Device device) => new(Width, NormEpsilon, device, NormsCountFromOne);
}
