using Pyvene.Typed.Models.Fields;
using static Pyvene.Typed.Models.Fields.FieldRule;

namespace Pyvene.Typed.Models.SequentialLayers;

/// <summary>Lists the model that is a row of layers.</summary>
internal static class SequentialArchitecture
{
    private const string ModelType = "sequential";

    private static readonly ConfigTable Fields = new([new("layers", List())]);

    /// <summary>Returns the classes that can be built.</summary>
    public static IEnumerable<ModelClass> Classes() =>
    [
        new(SequentialModel.ClassName, ModelType, Fields, (config, device) => new SequentialModel(config, device)),
    ];
}
