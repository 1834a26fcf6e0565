using System.Collections.Immutable;
using System.Text.Json;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Configuration;

/// <summary>Is a configuration of pyvene (its <c>IntervenableConfig</c>): what is done where, without the positions, which pyvene takes with every call.
/// Immutable.</summary>
/// <remarks>This is the way in for experiments that exist in Python: <see cref="FromJson"/> reads the literal arguments, <see cref="PyveneFolder"/> what
/// <c>save()</c> wrote.</remarks>
public sealed partial record PyveneExperiment
{
    private const string Default = "VanillaIntervention";

    /// <summary>Gets the entries in the order in which they act at one place, which is the order that unit locations follow.</summary>
    public ImmutableArray<PyveneRepresentation> Representations { get; private init; } = [];

    /// <summary>Gets how the sources come together.</summary>
    public CompositionMode Mode { get; private init; }

    /// <summary>Gets pyvene's name of every entry, such as <c>layer_1_comp_block_output_unit_pos_nunit_1#0</c>.</summary>
    public ImmutableArray<string> Keys { get; internal init; } = [];

    /// <summary>Gets which source every entry reads, from 0.</summary>
    public ImmutableArray<int> Groups { get; private init; } = [];

    /// <summary>Gets the number of sources that a call takes.</summary>
    public int SourceCount => Groups.Length == 0 ? 0 : Groups.Max() + 1;

    /// <inheritdoc/>
    public bool Equals(PyveneExperiment? other) =>
        other is not null && Mode == other.Mode
        && Representations.SequenceEqual(other.Representations) && Keys.SequenceEqual(other.Keys) && Groups.SequenceEqual(other.Groups);

    /// <inheritdoc/>
    public override int GetHashCode() => Keys.Aggregate((int)Mode, HashCode.Combine);

    /// <summary>Reads the arguments of pyvene's <c>IntervenableConfig</c>: an object with <c>config</c> (or <c>representations</c>), <c>mode</c> and
    /// <c>intervention_types</c>.</summary>
    /// <param name="json">The text; fields of a call, such as <c>unit_locations</c>, may stand beside and are read by <see cref="PyveneCall"/>.</param>
    /// <param name="options">What stands behind named tensors and functions; <see langword="null"/> = there are none.</param>
    /// <exception cref="InterventionException">A field is unknown or of the wrong kind, or entries contradict each other; the message names the path to
    /// it.</exception>
    public static PyveneExperiment FromJson(string json, PyveneJsonOptions? options = null) =>
        Read(ConfigurationText.Parse(json), options ?? new PyveneJsonOptions());

    /// <summary>Reads the fields of a configuration; others are ignored, as Python's configurations carry fields of their base class.</summary>
    internal static PyveneExperiment Read(JsonPlace root, PyveneJsonOptions options)
    {
        var representations = root.Member("config") ?? root.Member("representations") ?? throw new InterventionException("representations", "The JSON has "
            + "neither 'config' nor 'representations'.");
        var reader = new PyveneRepresentationReader(options);
        // Python takes a single entry for a list of one; a list of fields can only stand inside a list.
        var items = representations.IsArray ? representations.Items() : [representations];
        var entries = items.Select((item, index) => reader.Read(item with { Path = $"representations[{index}]" })).ToArray();
        return Of([.. WithTypes(entries, root.Member("intervention_types"))], ModeOf(root.Member("mode")));
    }

    /// <summary>Joins entries to a configuration.</summary>
    internal static PyveneExperiment Of(ImmutableArray<PyveneRepresentation> representations, CompositionMode mode) => new()
    {
        Representations = representations,
        Mode = mode,
        Keys = [.. PyveneKeys.Of(representations)],
        Groups = GroupsOf(representations),
    };

    /// <summary>Returns a copy with other entries at the same places.</summary>
    internal PyveneExperiment WithRepresentations(ImmutableArray<PyveneRepresentation> representations) => this with { Representations = representations };

    private static IEnumerable<PyveneRepresentation> WithTypes(PyveneRepresentation[] entries, JsonPlace? types)
    {
        if (Array.FindIndex(entries, HasType) >= 0)
        {
            var open = Array.FindIndex(entries, entry => !HasType(entry));
            return open < 0 ? entries : throw new InterventionException($"representations[{open}].intervention_type", $"representations[{open}] has no "
                + $"intervention_type, but others have. Give every entry one, or none.");
        }

        string[] names = types is not { } given ? [Default] : given.IsArray ? [.. given.Items().Select(PyveneTypes.Name)] : [PyveneTypes.Name(given)];
        if (types is { IsArray: true } && names.Length != entries.Length)
        {
            throw new InterventionException("intervention_types", $"'intervention_types' has {names.Length} classes, but there are {entries.Length} "
                + $"representations.");
        }

        return entries.Select((entry, index) =>
            PyveneRepresentationReader.Checked(entry with { TypeName = names[names.Length == 1 ? 0 : index] }, $"representations[{index}]"));
    }

    private static bool HasType(PyveneRepresentation entry) => entry.TypeName is not null || entry.Function is not null;

    private static CompositionMode ModeOf(JsonPlace? json) => json?.String() switch
    {
        null or "parallel" => CompositionMode.Parallel,
        "serial" => CompositionMode.Serial,
        _ => throw json!.Value.Wrong("\"parallel\" or \"serial\""),
    };

    /// <summary>Numbers the groups in order. Without keys every entry is its own; the keys themselves are free, where pyvene takes them as indices.</summary>
    private static ImmutableArray<int> GroupsOf(ImmutableArray<PyveneRepresentation> entries)
    {
        if (entries.All(entry => entry.GroupKey is null))
        {
            return [.. Enumerable.Range(0, entries.Length)];
        }

        for (var index = 0; index < entries.Length; index++)
        {
            var path = $"representations[{index}].group_key";
            var key = entries[index].GroupKey ?? throw new InterventionException(path, $"'{path}' is missing, but other entries have a group_key. Give "
                + $"every entry one, or none.");
            if (index > 0 && key < entries[index - 1].GroupKey)
            {
                throw new InterventionException(path, $"'{path}' is {key}, after {entries[index - 1].GroupKey}: groups must not descend, because they act "
                    + $"in order.");
            }
        }

        int[] keys = [.. entries.Select(entry => entry.GroupKey!.Value).Distinct().Order()];
        return [.. entries.Select(entry => Array.IndexOf(keys, entry.GroupKey!.Value))];
    }
}
