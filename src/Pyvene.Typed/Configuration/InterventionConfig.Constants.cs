using System.Collections.Immutable;
using Pyvene.Typed.Interventions;

namespace Pyvene.Typed.Configuration;

public sealed partial record InterventionConfig
{
    /// <summary>
    /// Returns a copy in which one constant stands in for the source of every intervention that takes one, as for one tensor in pyvene's
    /// <c>source_representations</c>.
    /// </summary>
    /// <param name="value">The constant.</param>
    public InterventionConfig WithConstants(ConstantSource value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return WithConstants(spec => TakesSource(spec) ? value : null);
    }

    /// <summary>Returns a copy with other constants, as for a list in pyvene's <c>source_representations</c>.</summary>
    /// <param name="values">One value an intervention, in their order; <see langword="null"/> = it stays as it is.</param>
    /// <exception cref="ArgumentException">There are more or fewer values than interventions, or an intervention takes no source.</exception>
    public InterventionConfig WithConstants(IReadOnlyList<ConstantSource?> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count != Interventions.Length)
        {
            throw new ArgumentException(
                $"There are {values.Count} constants for {Interventions.Length} interventions; give one each, and null where it stays as it is.",
                nameof(values));
        }

        return this with { Interventions = [.. Interventions.Select((spec, index) => With(spec, values[index], $"intervention {index}"))] };
    }

    /// <summary>Returns a copy with other constants, as for a dictionary in pyvene's <c>source_representations</c>.</summary>
    /// <param name="values">Values by the names of interventions; the others stay as they are.</param>
    /// <exception cref="ArgumentException">A name is unknown, or its intervention takes no source.</exception>
    public InterventionConfig WithConstants(IReadOnlyDictionary<string, ConstantSource> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var unknown = values.Keys.FirstOrDefault(name => Interventions.All(spec => spec.Name != name));
        return unknown is null
            ? WithConstants(spec => spec.Name is { } name ? values.GetValueOrDefault(name) : null)
            : throw new ArgumentException(
                $"No intervention is named '{unknown}'; there are {string.Join(", ", Interventions.Select(spec => spec.Name ?? "(unnamed)"))}.",
                nameof(values));
    }

    /// <summary>Returns a copy with other constants.</summary>
    /// <param name="value">Returns the constant of an intervention; <see langword="null"/> = it stays as it is.</param>
    /// <exception cref="ArgumentException">An intervention takes no source.</exception>
    public InterventionConfig WithConstants(Func<InterventionSpec, ConstantSource?> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return this with { Interventions = [.. Interventions.Select((spec, index) => With(spec, value(spec), $"intervention {index}"))] };
    }

    private static bool TakesSource(InterventionSpec spec) => spec.Intervention.Source != SourceNeed.None;

    private static InterventionSpec With(InterventionSpec spec, ConstantSource? value, string name) =>
        value is null ? spec
        : TakesSource(spec) ? spec with { Constant = value }
        : throw new ArgumentException(
            $"{name} ({spec.Intervention.Type} at {spec.Site}) takes no source, so a constant has no use there; leave it out.", nameof(value));
}
