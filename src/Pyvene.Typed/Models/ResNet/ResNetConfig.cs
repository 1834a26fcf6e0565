using System.Text.Json;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Models.ResNet;

/// <summary>Is a typed, checked view of a ResNet configuration, with Hugging Face's defaults.</summary>
public sealed record ResNetConfig
{
    private const long MostChannels = 1_000_000;
    private const long MostBlocks = 10_000;

    /// <summary>Reads the fields of a configuration.</summary>
    /// <param name="config">The configuration.</param>
    /// <exception cref="CheckpointException">A size is missing or absurd, or the kind of block is unknown.</exception>
    public ResNetConfig(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        ChannelCount = config.GetSize("num_channels", 3, MostChannels);
        EmbeddingSize = config.GetSize("embedding_size", 64, MostChannels);
        HiddenSizes = Sizes(config, "hidden_sizes", [256, 512, 1024, 2048], MostChannels);
        Depths = Sizes(config, "depths", [3, 4, 6, 3], MostBlocks);
        ActivationFunction = config.GetString("hidden_act") ?? "relu";
        LayerType = config.GetString("layer_type") ?? "bottleneck";
        DownsamplesInFirstStage = config.GetBoolean("downsample_in_first_stage") ?? false;
        DownsamplesInBottleneck = config.GetBoolean("downsample_in_bottleneck") ?? false;
        if (HiddenSizes.Count != Depths.Count)
        {
            throw new CheckpointException(config.Origin, $"'hidden_sizes' and 'depths' must have one entry a stage, but have {HiddenSizes.Count} and {Depths.Count}.");
        }

        if (LayerType is not ("basic" or "bottleneck"))
        {
            throw new CheckpointException(config.Origin, $"'layer_type' must be \"basic\" or \"bottleneck\", but is \"{LayerType}\".");
        }
    }

    /// <summary>Gets the number of channels of a picture (<c>num_channels</c>).</summary>
    public long ChannelCount { get; }

    /// <summary>Gets the number of channels behind the first convolution (<c>embedding_size</c>).</summary>
    public long EmbeddingSize { get; }

    /// <summary>Gets the number of channels behind every stage (<c>hidden_sizes</c>).</summary>
    public IReadOnlyList<long> HiddenSizes { get; }

    /// <summary>Gets the number of blocks of every stage (<c>depths</c>).</summary>
    public IReadOnlyList<long> Depths { get; }

    /// <summary>Gets the Hugging Face name of the activation function.</summary>
    public string ActivationFunction { get; }

    /// <summary>Gets the kind of block, <c>basic</c> or <c>bottleneck</c>.</summary>
    public string LayerType { get; }

    /// <summary>Gets whether the first stage halves the size, too.</summary>
    public bool DownsamplesInFirstStage { get; }

    /// <summary>Gets whether a bottleneck halves the size in its first convolution; else in its second.</summary>
    public bool DownsamplesInBottleneck { get; }

    private static IReadOnlyList<long> Sizes(ModelConfig config, string field, long[] fallback, long most)
    {
        if (config.GetElement(field) is not { ValueKind: not JsonValueKind.Null } list)
        {
            return fallback;
        }

        var sizes = list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out var size) ? size : 0).ToArray() : [];
        return sizes.Length is > 0 and <= 100 && sizes.All(size => size >= 1 && size <= most)
            ? sizes
            : throw new CheckpointException(config.Origin, $"'{field}' must be a list of 1 to 100 whole numbers from 1 to {most}, but is {list.GetRawText()}.");
    }
}
