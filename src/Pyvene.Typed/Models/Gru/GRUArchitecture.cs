using Pyvene.Typed.Models.Fields;
using static Pyvene.Typed.Models.Fields.CommonFields;
using static Pyvene.Typed.Models.Fields.FieldRule;

namespace Pyvene.Typed.Models.Gru;

/// <summary>Lists pyvene's GRU models.</summary>
internal static class GRUArchitecture
{
    private const string ModelType = "gru";

    /// <summary>Gets what the models make of the fields of a configuration.</summary>
    public static ConfigTable Fields { get; } = new([.. OfPyvene, new("n_labels", Size(2, MostLabels))]) { LayerField = "n_layer" };

    /// <summary>Returns the classes that can be built.</summary>
    public static IEnumerable<ModelClass> Classes() =>
    [
        new(nameof(GRUModel), ModelType, Fields, (config, device) => new GRUModel(config, device)),
        new(nameof(GRULMHeadModel), ModelType, Fields, (config, device) => new GRULMHeadModel(config, device)),
        new(nameof(GRUForClassification), ModelType, Fields, (config, device) => new GRUForClassification(config, device)),
    ];
}
