namespace Pyvene.Typed.Models.Mlp;

/// <summary>Lists pyvene's MLP models.</summary>
internal static class MLPArchitecture
{
    private const string ModelType = "mlp";

    /// <summary>Returns the classes that can be built.</summary>
    public static IEnumerable<ModelClass> Classes() =>
    [
        new(nameof(MLPModel), ModelType, (config, device) => new MLPModel(config, device)),
        new(nameof(MLPForClassification), ModelType, (config, device) => new MLPForClassification(config, device)),
    ];
}
