using Pyvene.Typed.Models.Fields;
using static Pyvene.Typed.Models.Fields.CommonFields;
using static Pyvene.Typed.Models.Fields.FieldRule;

namespace Pyvene.Typed.Models.Mlp;

/// <summary>Lists pyvene's MLP models.</summary>
internal static class MLPArchitecture
{
    private const string ModelType = "mlp";

    /// <summary>Gets what the models make of the fields of a configuration.</summary>
    public static ConfigTable Fields { get; } = new(
        [
            .. OfPyvene,
            new("num_classes", Size(2, MostLabels)),
            new("activation_function", Activation("gelu")),
            new("squeeze_output", Flag(true)),
        ])
    { LayerField = "n_layer" };

    /// <summary>Returns the classes that can be built.</summary>
    public static IEnumerable<ModelClass> Classes() =>
    [
        new(nameof(MLPModel), ModelType, Fields, (config, device) => new MLPModel(config, device)),
        new(nameof(MLPForClassification), ModelType, Fields, (config, device) => new MLPForClassification(config, device)),
    ];
}
