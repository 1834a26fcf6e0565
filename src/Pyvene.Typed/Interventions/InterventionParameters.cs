using System.Collections.Immutable;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Interventions;

/// <summary>
/// Reads the field <c>parameters</c> of an intervention in a configuration. A parameter that is never asked for is an unknown field, and refused.
/// </summary>
/// <remarks>Every error is an <see cref="InterventionException"/> that names the path to the field, such as <c>interventions[0].parameters.scale</c>.</remarks>
public sealed class InterventionParameters
{
    private readonly Dictionary<string, JsonPlace> fields;
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);
    private readonly string path;

    internal InterventionParameters(JsonPlace? json, string path)
    {
        this.path = path;
        fields = json?.Fields() ?? [];
    }

    /// <summary>Returns a number.</summary>
    /// <param name="name">The parameter.</param>
    /// <exception cref="InterventionException">It is missing, or no number.</exception>
    public double Number(string name) => Required(name).Double();

    /// <summary>Returns a number, or the default when it is left out.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="default">The value without it.</param>
    /// <exception cref="InterventionException">It is no number.</exception>
    public double Number(string name, double @default) => Find(name)?.Double() ?? @default;

    /// <summary>Returns a whole number.</summary>
    /// <param name="name">The parameter.</param>
    /// <exception cref="InterventionException">It is missing, or no whole number.</exception>
    public int Integer(string name) => Required(name).Integer();

    /// <summary>Returns a list of whole numbers, or <see langword="null"/> when it is left out.</summary>
    /// <param name="name">The parameter.</param>
    /// <exception cref="InterventionException">It is no list of whole numbers.</exception>
    public ImmutableArray<int>? Integers(string name) => Find(name) is { } found ? [.. found.Items().Select(item => item.Integer())] : null;

    /// <summary>Returns a list of numbers, float32.</summary>
    /// <param name="name">The parameter.</param>
    /// <exception cref="InterventionException">It is missing, or no list of numbers.</exception>
    public ImmutableArray<float> Numbers(string name) => [.. Required(name).Items().Select(item => item.Single())];

    /// <summary>Returns true or false, or the default when it is left out.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="default">The value without it.</param>
    /// <exception cref="InterventionException">It is neither true nor false.</exception>
    public bool Flag(string name, bool @default) => Find(name)?.Boolean() ?? @default;

    /// <summary>Returns a text.</summary>
    /// <param name="name">The parameter.</param>
    /// <exception cref="InterventionException">It is missing, or no text.</exception>
    public string Text(string name) => Required(name).String();

    /// <summary>Refuses the parameters that nobody asked for.</summary>
    internal void RefuseOthers(string type)
    {
        if (fields.Keys.FirstOrDefault(name => !asked.Contains(name)) is { } unknown)
        {
            throw new InterventionException(
                fields[unknown].Path,
                asked.Count == 0
                    ? $"'{path}': the intervention '{type}' has no parameters."
                    : $"'{fields[unknown].Path}': the intervention '{type}' has no such parameter.{NearestName.Suggestion(unknown, asked)} It has "
                        + $"{string.Join(", ", asked)}.");
        }
    }

    private JsonPlace Required(string name) =>
        Find(name) ?? throw new InterventionException($"{path}.{name}", $"'{path}.{name}' is missing.");

    private JsonPlace? Find(string name)
    {
        asked.Add(name);
        return fields.TryGetValue(name, out var found) ? found : null;
    }
}
