namespace Pyvene.Typed.Models.Gru;

/// <summary>Lists pyvene's GRU models.</summary>
internal static class GRUArchitecture
{
    private const string ModelType = "gru";

    /// <summary>Returns the classes that can be built.</summary>
    public static IEnumerable<ModelClass> Classes() =>
    [
        new(nameof(GRUModel), ModelType, (config, device) => new GRUModel(config, device)),
        new(nameof(GRULMHeadModel), ModelType, (config, device) => new GRULMHeadModel(config, device)),
        new(nameof(GRUForClassification), ModelType, (config, device) => new GRUForClassification(config, device)),
    ];
}
