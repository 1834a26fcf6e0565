using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;

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

    private static readonly string[] WithWeights =
    [
        "RotatedSpaceIntervention", "LowRankRotatedSpaceIntervention", "BoundlessRotatedSpaceIntervention", "SigmoidMaskRotatedSpaceIntervention",
        "SigmoidMaskIntervention", "AutoencoderIntervention", "JumpReLUAutoencoderIntervention",
    ];

    /// <summary>Reads a class: its name, or Python's text for it, <c>&lt;class 'pyvene.models.interventions.VanillaIntervention'&gt;</c>.</summary>
    /// <exception cref="InterventionException">The class is none of pyvene's.</exception>
    public static string Name(ConfigJson json)
    {
        const string start = "<class '", end = "'>";
        var text = json.Text();
        var name = text.StartsWith(start, StringComparison.Ordinal) && text.EndsWith(end, StringComparison.Ordinal) ? text[start.Length..^end.Length] : text;
        name = name.StartsWith(Module, StringComparison.Ordinal) ? name[Module.Length..] : name;
        var known = Plain.Select(type => type.Name).Concat(WithWeights).ToArray();
        return known.Contains(name)
            ? name
            : throw new InterventionException(json.Path, $"'{json.Path}': '{name}' is no intervention of pyvene that can be "
                + $"read.{NearestName.Suggestion(name, known)} "
                + $"These can: {string.Join(", ", known)}.");
    }

    /// <summary>Returns whether pyvene writes a file for an entry even without a constant.</summary>
    public static bool HasWeights(PyveneRepresentation representation) => WithWeights.Contains(representation.TypeName);

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
        var (name, found) = Plain.FirstOrDefault(type => type.Intervention == intervention);
        return found is null
            ? throw new InterventionException("type", $"pyvene has no class for the intervention '{intervention.Type}'; its folders hold "
                + $"{string.Join(", ", Plain.Select(type => type.Name))}.")
            : name;
    }

    /// <summary>Returns the library's intervention.</summary>
    public static Intervention Create(PyveneRepresentation representation, int[][]? subspaces, Func<InterventionModule> module) =>
        representation.Function?.Invoke(subspaces)
        ?? Plain.FirstOrDefault(type => type.Name == representation.TypeName).Intervention
        ?? new Learned(module());

    /// <summary>Returns a new module of an entry with weights.</summary>
    /// <param name="representation">The entry.</param>
    /// <param name="width">The width of its place, times the units that it acts on as one.</param>
    public static InterventionModule CreateModule(PyveneRepresentation representation, int width) => representation.TypeName switch
    {
        "RotatedSpaceIntervention" => new RotatedSpace(width),
        "LowRankRotatedSpaceIntervention" => new LowRankRotatedSpace(width, representation.LowRankDimension!.Value),
        "BoundlessRotatedSpaceIntervention" => new BoundlessRotatedSpace(width),
        "SigmoidMaskRotatedSpaceIntervention" => new SigmoidMaskRotatedSpace(width),
        "SigmoidMaskIntervention" => new SigmoidMask(width),
        "AutoencoderIntervention" => new Autoencoder(width, representation.LatentDimension!.Value),
        "JumpReLUAutoencoderIntervention" => new JumpReluAutoencoder(width, representation.LowRankDimension!.Value),
        var name => throw new InvalidOperationException($"'{name}' has no weights."),
    };
}
