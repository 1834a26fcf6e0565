using System.Collections.Concurrent;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Interventions;

/// <summary>Knows the interventions that configurations can name. Register your own to make it readable.</summary>
/// <remarks>Thread-safe.</remarks>
public static class InterventionTypes
{
    private static readonly HashSet<string> OwnNames;

    private static readonly ConcurrentDictionary<string, Func<InterventionParameters, Intervention>> Factories = new(StringComparer.Ordinal)
    {
        ["interchange"] = _ => new Interchange(),
        ["zero"] = _ => new Zero(),
        ["addition"] = _ => new Addition(),
        ["subtraction"] = _ => new Subtraction(),
        ["collect"] = _ => new Collect(),
        ["skip"] = _ => new Skip(),
        ["noise"] = parameters => new Noise(
            new ConstantSource(
                [.. (parameters.Integers("shape") ?? throw new ArgumentException("The noise needs \"shape\" and \"values\".")).Select(length => (long)length)],
                parameters.Numbers("values")),
            parameters.Number("level")),
        ["erasure"] = Erasure.Read,
        ["rotated_space"] = parameters => Configured(new RotatedSpace(parameters.Integer("width")), parameters),
        ["low_rank_rotated_space"] = parameters => Configured(new LowRankRotatedSpace(parameters.Integer("width"), parameters.Integer("rank")), parameters),
        ["boundless_rotated_space"] = parameters => Configured(new BoundlessRotatedSpace(parameters.Integer("width")), parameters),
        ["sigmoid_mask"] = parameters => Configured(new SigmoidMask(parameters.Integer("width")), parameters),
        ["sigmoid_mask_rotated_space"] = parameters => Configured(new SigmoidMaskRotatedSpace(parameters.Integer("width")), parameters),
        ["pca_rotated_space"] = parameters => Configured(new PcaRotatedSpace(parameters.Integer("width"), parameters.Integer("components")), parameters),
        ["autoencoder"] = parameters => Configured(new Autoencoder(parameters.Integer("width"), parameters.Integer("latents")), parameters),
        ["jump_relu_autoencoder"] = parameters => Configured(new JumpReluAutoencoder(parameters.Integer("width"), parameters.Integer("latents")), parameters),
    };

    static InterventionTypes() => OwnNames = [.. Factories.Keys];

    /// <summary>Makes an intervention without parameters known to configurations.</summary>
    /// <param name="intervention">The intervention; its <see cref="Intervention.Type"/> is the name.</param>
    /// <exception cref="ArgumentException">The name is that of one of the library's interventions.</exception>
    public static void Register(Intervention intervention)
    {
        ArgumentNullException.ThrowIfNull(intervention);
        Register(intervention.Type, _ => intervention);
    }

    /// <summary>Makes an intervention with parameters known to configurations, the counterpart of <see cref="Intervention.ToParameters"/>.</summary>
    /// <param name="type">The name that <see cref="Intervention.Type"/> gives.</param>
    /// <param name="create">
    /// Makes the intervention from its parameters; an <see cref="ArgumentException"/> becomes an error that names the path to them.
    /// </param>
    /// <exception cref="ArgumentException">The name is that of one of the library's interventions.</exception>
    public static void Register(string type, Func<InterventionParameters, Intervention> create)
    {
        ArgumentException.ThrowIfNullOrEmpty(type);
        ArgumentNullException.ThrowIfNull(create);
        Factories[type] = IsOfTheLibrary(type)
            ? throw new ArgumentException($"'{type}' is an intervention of the library; give your own another name, so that what is saved does not come back "
                + "as the library's.", nameof(type))
            : create;
    }

    /// <summary>Returns whether a name stands for an intervention.</summary>
    internal static bool Knows(string type) => Factories.ContainsKey(type);

    /// <summary>Returns whether a name is that of one of the library's interventions, which no other can take.</summary>
    internal static bool IsOfTheLibrary(string type) => OwnNames.Contains(type);

    internal static Intervention Create(JsonPlace type, JsonPlace? parameters, string path)
    {
        var name = type.String();
        if (!Factories.TryGetValue(name, out var create))
        {
            throw new InterventionException(
                type.Path,
                $"'{type.Path}': no intervention is named '{name}'.{NearestName.Suggestion(name, Factories.Keys)} Known are "
                    + $"{string.Join(", ", Factories.Keys.Order(StringComparer.Ordinal))}.");
        }

        var given = new InterventionParameters(parameters, path);
        try
        {
            var intervention = create(given) ?? throw new ArgumentException($"What is registered under '{name}' returned no intervention.");
            given.RefuseOthers(name);
            return intervention;
        }
        catch (ArgumentException error)
        {
            throw new InterventionException(path, $"'{path}': {error.Message}", error);
        }
    }

    private static Learned Configured(InterventionModule module, InterventionParameters parameters)
    {
        module.Configure(parameters);
        return new Learned(module);
    }
}
