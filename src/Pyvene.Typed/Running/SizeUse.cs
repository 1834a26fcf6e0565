using System.Text.Json;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;
using Pyvene.Typed.Models;
using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Running;

/// <summary>Refuses sizes that a class of models has not, so that none is dropped in silence.</summary>
internal static class SizeUse
{
    /// <summary>Looks at every size that is given: whether the class reads the field, and whether only another class of the architecture has it.</summary>
    /// <param name="config">The configuration with the sizes.</param>
    /// <param name="model">The class.</param>
    /// <param name="classes">All classes of the architecture.</param>
    /// <param name="sizes">The sizes by their fields.</param>
    /// <exception cref="ArgumentException">The class does not have a size.</exception>
    public static void Check(ModelConfig config, ModelClass model, IReadOnlyList<ModelClass> classes, IEnumerable<(string Field, object Value)> sizes)
    {
        foreach (var (field, value) in sizes)
        {
            if (!model.Fields.Reads(field))
            {
                throw new ArgumentException(
                    $"{config.Origin}: '{field}' is no field of the configurations that {model.Name} reads. Leave it out.", nameof(sizes));
            }

            // The number of positions, for one, shows in no parameter of a rotary model: what matters is that another class has what this one has not.
            if (value is int number
                && !Shows(model, config, field, number)
                && classes.FirstOrDefault(other => Shows(other, config, field, number)) is { } owner)
            {
                throw new ArgumentException($"{config.Origin}: {model.Name} has no size '{field}', which is one of {owner.Name}. "
                    + $"Leave it out, or ask for {owner.Name} by its class name.", nameof(sizes));
            }
        }
    }

    /// <summary>Returns whether a size shows in the shapes of a class's parameters.</summary>
    private static bool Shows(ModelClass model, ModelConfig config, string field, int number)
    {
        try
        {
            return !Shapes(model, config).SequenceEqual(Shapes(model, config.With([(field, JsonSerializer.SerializeToElement(number + 1L, JsonForm.Plain))])));
        }
        catch (PyveneException)
        {
            return true; // the sizes do not fit each other, so they are read; building the model says it
        }
    }

    private static IReadOnlyList<string> Shapes(ModelClass model, ModelConfig config)
    {
        using var outline = model.Build(model.Fields.Read(config), new Weights(META, ScalarType.Float32)); // takes no memory
        return [.. outline.named_parameters().Select(item => $"{item.name} {string.Join(' ', item.parameter.shape)}")];
    }
}
