namespace Pyvene.Typed.Models.ResNet;

/// <summary>Lists the ResNet models.</summary>
internal static class ResNetArchitecture
{
    private const string ModelType = "resnet";

    /// <summary>Returns the classes that can be built.</summary>
    public static IEnumerable<ModelClass> Classes() =>
    [
        new(nameof(ResNetModel), ModelType, (config, device) => new ResNetModel(config, device)),
        new(nameof(ResNetForImageClassification), ModelType, (config, device) => new ResNetForImageClassification(config, device)),
    ];
}
