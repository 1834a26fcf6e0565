using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Models.ResNet;

/// <summary>Is a typed, checked view of a ResNet configuration, with Hugging Face's defaults.</summary>
public sealed record ResNetConfig
{
    /// <summary>Reads the fields of a configuration.</summary>
    /// <param name="config">The configuration.</param>
    /// <exception cref="CheckpointException">A field is of another kind, out of range or not supported, or the lists differ in length.</exception>
    public ResNetConfig(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        config = ResNetArchitecture.Fields.Read(config);
        ChannelCount = config.Size("num_channels");
        EmbeddingSize = config.Size("embedding_size");
        HiddenSizes = Sizes(config, "hidden_sizes");
        Depths = Sizes(config, "depths");
        ActivationFunction = config.Text("hidden_act");
        LayerType = config.Text("layer_type");
        DownsamplesInFirstStage = config.Flag("downsample_in_first_stage");
        DownsamplesInBottleneck = config.Flag("downsample_in_bottleneck");
        if (HiddenSizes.Count != Depths.Count)
        {
            throw new CheckpointException(config.Origin, $"'hidden_sizes' and 'depths' must have one entry a stage, but have {HiddenSizes.Count} and {Depths.Count}.");
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

    private static IReadOnlyList<long> Sizes(ModelConfig config, string field) => [.. config.GetElement(field)!.Value.EnumerateArray().Select(size => size.GetInt64())];
}
