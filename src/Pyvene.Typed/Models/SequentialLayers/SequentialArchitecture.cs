namespace Pyvene.Typed.Models.SequentialLayers;

/// <summary>Lists the model that is a row of layers.</summary>
internal static class SequentialArchitecture
{
    private const string ModelType = "sequential";

    /// <summary>Returns the classes that can be built.</summary>
    public static IEnumerable<ModelClass> Classes() =>
    [
        new(SequentialModel.ClassName, ModelType, (config, device) => new SequentialModel(config, device)),
    ];
}
