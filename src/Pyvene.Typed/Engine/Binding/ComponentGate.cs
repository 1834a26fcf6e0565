using System.Text.Json;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;

namespace Pyvene.Typed.Engine;

/// <summary>Tells whether a model has a component that not every model of the architecture has.</summary>
internal static class ComponentGate
{
    /// <summary>Checks that the model's class and configuration have a component, and the layer, too.</summary>
    /// <exception cref="InterventionException">They do not.</exception>
    public static void Check(ComponentDescriptor component, string className, ModelConfig config, int? layer, string where)
    {
        if (component.Classes.Count > 0 && !component.Classes.Contains(className))
        {
            throw new InterventionException(
                "component", $"{where}: '{component.Name}' exists only in {string.Join(", ", component.Classes)}, but the model is a {className}.");
        }

        if (component.Conditions.FirstOrDefault(condition => !condition.Values.Contains(condition.ValueIn(config))) is { } failed)
        {
            throw new InterventionException(
                "component", $"{where}: '{component.Name}' exists only where {failed}, but in {config.Origin} it is {failed.ValueIn(config)}.");
        }

        if (layer is { } index && !HasLayer(component, config, index))
        {
            var fact = component.OnlyLayers is { } field
                ? $"exists only in the layers that '{field}' lists"
                : $"does not exist in the layers that '{component.ExceptLayers}' lists";
            throw new InterventionException(
                "layer",
                $"{where}: '{component.Name}' {fact} ({string.Join(", ", Listed(config, component.OnlyLayers ?? component.ExceptLayers!))}), and not in layer "
                    + $"{index}.");
        }
    }

    /// <summary>Tells whether a layer has a component, as far as the configuration lists layers that have or lack it.</summary>
    public static bool HasLayer(ComponentDescriptor component, ModelConfig config, int layer) =>
        (component.OnlyLayers is not { } only || Listed(config, only).Contains(layer))
        && (component.ExceptLayers is not { } except || !Listed(config, except).Contains(layer));

    private static IEnumerable<long> Listed(ModelConfig config, string field) =>
        config.GetElementAt(field) is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out _)).Select(item => item.GetInt64())
            : [];
}
