using System.Text.Json;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Configuration;

/// <summary>Is what pyvene's <c>IntervenableModel</c> takes with every call: where in base and sources, which subspaces, which sources. Immutable.</summary>
/// <remarks>
/// Shorthands mean what pyvene documents: <c>3</c> is position 3 of every example on both sides, <c>[1, 2]</c> two positions, <c>{"tuple": [1, 3]}</c> source
/// position 1 and base position 3,
/// and one row of positions serves every example. A Python tuple is written <c>{"tuple": […]}</c>.
/// </remarks>
public sealed class PyveneCall
{
    private PyveneCall()
    {
    }

    /// <summary>Gets which input every group reads, by number; <see langword="null"/> = the group is skipped. Empty = no sources are given.</summary>
    /// <value>One entry a group, or a single one for all groups; the base's own inputs are −1.</value>
    public IReadOnlyList<int?> Sources { get; private init; } = [];

    internal PyveneJson? UnitLocations { get; private init; }

    internal PyveneJson? Subspaces { get; private init; }

    /// <summary>Gets the constants by key, by number, or one for all.</summary>
    internal IReadOnlyDictionary<string, ConstantSource>? NamedConstants { get; private init; }

    internal IReadOnlyList<ConstantSource?>? ListedConstants { get; private init; }

    internal ConstantSource? SharedConstant { get; private init; }

    /// <summary>Reads the fields <c>unit_locations</c>, <c>subspaces</c>, <c>source_representations</c> and <c>sources</c> of an object; others are
    /// ignored.</summary>
    /// <param name="json">The text, such as the object that <see cref="PyveneExperiment.FromJson"/> reads too.</param>
    /// <param name="options">What stands behind named tensors; <see langword="null"/> = there are none.</param>
    /// <exception cref="InterventionException">A field is of the wrong kind; the message names the path to it.</exception>
    public static PyveneCall FromJson(string json, PyveneJsonOptions? options = null) =>
        Read(ConfigurationText.Parse(json), new PyveneRepresentationReader(options ?? new PyveneJsonOptions()));

    private static PyveneCall Read(JsonPlace root, PyveneRepresentationReader reader)
    {
        var constants = root.Member("source_representations");
        var isNamed = constants is { Element.ValueKind: JsonValueKind.Object } named && !named.Element.TryGetProperty("t", out _);
        var isListed = constants is { IsArray: true } listed && !listed.Items().Any(item => item.Element.ValueKind is JsonValueKind.Number);
        return new PyveneCall
        {
            Sources = root.Member("sources") is { } sources ? [.. (sources.IsArray ? sources.Items() : [sources]).Select(Source)] : [],
            UnitLocations = root.Member("unit_locations") is { } locations ? PyveneJson.Of(locations) : null,
            Subspaces = root.Member("subspaces") is { } subspaces ? PyveneJson.Of(subspaces) : null,
            NamedConstants = isNamed
                ? constants!.Value.Members().ToDictionary(item => PyveneKeys.Current(item.Name), item => reader.Constant(item.Value))
                : null,
            ListedConstants = isListed
                ? [.. constants!.Value.Items().Select(item => item.Element.ValueKind is JsonValueKind.Null ? null : reader.Constant(item))]
                : null,
            SharedConstant = constants is { } shared && !isNamed && !isListed ? reader.Constant(shared) : null,
        };
    }

    private static int? Source(JsonPlace json) =>
        json.Element.ValueKind is JsonValueKind.Null ? null : json.IsString && json.String() == "base" ? -1 : json.Integer();
}
