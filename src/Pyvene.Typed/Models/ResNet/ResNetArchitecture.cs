using Pyvene.Typed.Models.Fields;
using static Pyvene.Typed.Models.Fields.CommonFields;
using static Pyvene.Typed.Models.Fields.FieldRule;

namespace Pyvene.Typed.Models.ResNet;

/// <summary>Lists the ResNet models.</summary>
internal static class ResNetArchitecture
{
    private const string ModelType = "resnet";

    private const long MostChannels = 1_000_000;

    /// <summary>Gets what the models make of the fields of a configuration.</summary>
    public static ConfigTable Fields { get; } = new(
        [
            .. OfClassifiers,
            new("num_channels", Size(3, MostChannels)),
            new("embedding_size", Size(64, MostChannels)),
            new("hidden_sizes", Sizes([256, 512, 1024, 2048], MostChannels)),
            new("depths", Sizes([3, 4, 6, 3], MostLayers)),
            new("hidden_act", Activation("relu")),
            new("layer_type", Choice("bottleneck", "basic", "bottleneck")),
            new("downsample_in_first_stage", Flag(false)),
            new("downsample_in_bottleneck", Flag(false)),
        ],
        "out_features", "out_indices", "stage_names")
    { LayerField = "depths" };

    /// <summary>Returns the classes that can be built.</summary>
    public static IEnumerable<ModelClass> Classes() =>
    [
        new(nameof(ResNetModel), ModelType, Fields, (config, device) => new ResNetModel(config, device)),
        new(nameof(ResNetForImageClassification), ModelType, Fields, (config, device) => new ResNetForImageClassification(config, device)),
    ];
}
