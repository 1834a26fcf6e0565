using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Configuration;

/// <summary>Relates pyvene's classes of interventions to the library's.</summary>
internal static class PyveneTypes
{
    private const string Module = "pyvene.models.interventions.";

    private static readonly (string Name, Intervention Intervention)[] Plain =
    [
        ("VanillaIntervention", new Interchange()),
        ("ZeroIntervention", new Zero()),
        ("AdditionIntervention", new Addition()),
        ("SubtractionIntervention", new Subtraction()),
        ("CollectIntervention", new Collect()),
        ("SkipIntervention", new Skip()),
    ];

    private static readonly (string Name, Type Module, Func<PyveneRepresentation, int, InterventionModule> Create)[] WithWeights =
    [
        ("RotatedSpaceIntervention", typeof(RotatedSpace), (_, width) => new RotatedSpace(width)),
        ("LowRankRotatedSpaceIntervention", typeof(LowRankRotatedSpace), (entry, width) => new LowRankRotatedSpace(width, entry.LowRankDimension!.Value)),
        ("BoundlessRotatedSpaceIntervention", typeof(BoundlessRotatedSpace), (_, width) => new BoundlessRotatedSpace(width)),
        ("SigmoidMaskRotatedSpaceIntervention", typeof(SigmoidMaskRotatedSpace), (_, width) => new SigmoidMaskRotatedSpace(width)),
        ("SigmoidMaskIntervention", typeof(SigmoidMask), (_, width) => new SigmoidMask(width)),
        ("AutoencoderIntervention", typeof(Autoencoder), (entry, width) => new Autoencoder(width, entry.LatentDimension!.Value)),
        ("JumpReLUAutoencoderIntervention", typeof(JumpReluAutoencoder), (entry, width) => new JumpReluAutoencoder(width, entry.LowRankDimension!.Value)),
    ];

    /// <summary>Reads a class: its name, or Python's text for it, <c>&lt;class 'pyvene.models.interventions.VanillaIntervention'&gt;</c>.</summary>
    /// <exception cref="InterventionException">The class is none of pyvene's.</exception>
    public static string Name(JsonPlace json)
    {
        const string start = "<class '", end = "'>";
        var text = json.String();
        var name = text.StartsWith(start, StringComparison.Ordinal) && text.EndsWith(end, StringComparison.Ordinal) ? text[start.Length..^end.Length] : text;
        name = name.StartsWith(Module, StringComparison.Ordinal) ? name[Module.Length..] : name;
        var known = Names.ToArray();
        return known.Contains(name)
            ? name
            : throw new InterventionException(json.Path, $"'{json.Path}': '{name}' is no intervention of pyvene that can be "
                + $"read.{NearestName.Suggestion(name, known)} "
                + $"These can: {string.Join(", ", known)}.");
    }

    /// <summary>Returns whether pyvene writes a file for an entry even without a constant.</summary>
    public static bool HasWeights(PyveneRepresentation representation) => WithWeights.Any(type => type.Name == representation.TypeName);

    /// <summary>Returns whether pyvene runs an entry without a source.</summary>
    public static bool IsConstant(PyveneRepresentation representation) =>
        representation.HasStoredConstant || representation.TypeName is "ZeroIntervention" or "CollectIntervention";

    /// <summary>Returns Python's text for the class of an entry.</summary>
    /// <exception cref="InterventionException">The entry is a function.</exception>
    public static string ClassText(PyveneRepresentation representation) => representation.TypeName is { } name
        ? $"<class '{Module}{name}'>"
        : throw new InterventionException("intervention", "A function cannot be written into a folder of pyvene.");

    /// <summary>Returns the name of the class of an intervention.</summary>
    /// <exception cref="InterventionException">pyvene has no such class.</exception>
    public static string NameOf(Intervention intervention)
    {
        if (intervention is Learned { Collects: not null })
        {
            throw new InterventionException(
                "collects", $"A folder of pyvene has no step that collects what '{intervention.Type}' computes inside; write it without that step.");
        }

        var name = intervention is Learned { Module: var module }
            ? WithWeights.FirstOrDefault(type => type.Module == module.GetType()).Name
            : Plain.FirstOrDefault(type => type.Intervention == intervention).Name;
        return name ?? throw new InterventionException("type", $"pyvene has no class for the intervention '{intervention.Type}'; its folders hold "
            + $"{string.Join(", ", Names)}.");
    }

    /// <summary>Returns the library's intervention.</summary>
    public static Intervention Create(PyveneRepresentation representation, int[][]? subspaces, Func<InterventionModule> module) =>
        representation.Function?.Invoke(subspaces)
        ?? Plain.FirstOrDefault(type => type.Name == representation.TypeName).Intervention
        ?? new Learned(module());

    /// <summary>Returns a new module of an entry with weights.</summary>
    /// <param name="representation">The entry.</param>
    /// <param name="width">The width of its place, times the units that it acts on as one.</param>
    public static InterventionModule CreateModule(PyveneRepresentation representation, int width) =>
        WithWeights.Single(type => type.Name == representation.TypeName).Create(representation, width);

    private static IEnumerable<string> Names => Plain.Select(type => type.Name).Concat(WithWeights.Select(type => type.Name));
}
