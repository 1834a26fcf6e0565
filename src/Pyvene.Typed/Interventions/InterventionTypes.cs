using System.Collections.Concurrent;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Interventions;

/// <summary>Knows the interventions that configurations can name. Register your own to make it readable.</summary>
/// <remarks>Thread-safe.</remarks>
public static class InterventionTypes
{
    private static readonly ConcurrentDictionary<string, Func<ConfigJson?, Intervention>> Factories = new(StringComparer.Ordinal)
    {
        ["interchange"] = Plain(new Interchange()),
        ["zero"] = Plain(new Zero()),
        ["addition"] = Plain(new Addition()),
        ["subtraction"] = Plain(new Subtraction()),
        ["collect"] = Plain(new Collect()),
        ["skip"] = Plain(new Skip()),
        ["noise"] = parameters => Noise.Read(parameters ?? throw new InterventionException("parameters", "The intervention 'noise' needs \"parameters\".")),
    };

    /// <summary>Makes an intervention without parameters known to configurations.</summary>
    /// <param name="intervention">The intervention; its <see cref="Intervention.Type"/> is the name.</param>
    public static void Register(Intervention intervention) => Factories[intervention.Type] = Plain(intervention);

    internal static Intervention Create(ConfigJson type, ConfigJson? parameters)
    {
        var name = type.Text();
        return Factories.TryGetValue(name, out var factory)
            ? factory(parameters)
            : throw new InterventionException(type.Path, $"'{type.Path}': no intervention is named '{name}'.{NearestName.Suggestion(name, Factories.Keys)} Known are {string.Join(", ", Factories.Keys.Order(StringComparer.Ordinal))}.");
    }

    private static Func<ConfigJson?, Intervention> Plain(Intervention intervention) => parameters =>
        parameters is { } given
            ? throw new InterventionException(given.Path, $"'{given.Path}': the intervention '{intervention.Type}' has no parameters.")
            : intervention;
}
