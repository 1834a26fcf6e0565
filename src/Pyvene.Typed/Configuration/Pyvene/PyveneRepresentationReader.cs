using System.Collections.Immutable;
using System.Text.Json;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Json;
using TorchSharp;

namespace Pyvene.Typed.Configuration;

/// <summary>Reads an entry of <c>representations</c>: a dictionary, or a list in the order of the fields.</summary>
/// <param name="options">What stands behind tensors and functions.</param>
internal sealed class PyveneRepresentationReader(PyveneJsonOptions options)
{
    /// <summary>The fields of pyvene's <c>RepresentationConfig</c>, in their order.</summary>
    internal static readonly string[] Names =
    [
        "layer", "component", "unit", "max_number_of_units", "low_rank_dimension", "intervention_type", "intervention", "subspace_partition", "group_key",
        "intervention_link_key", "moe_key", "source_representation", "hidden_source_representation", "latent_dim",
    ];

    /// <summary>Reads an entry; its type stays open when it names none.</summary>
    /// <exception cref="InterventionException">A field is unknown or of the wrong kind; the message names the path to it.</exception>
    public PyveneRepresentation Read(JsonPlace json)
    {
        var fields = Fields(json);
        JsonPlace? Field(string name) => fields.TryGetValue(name, out var value) && value.Element.ValueKind is not JsonValueKind.Null ? value : null;
        if (Field("moe_key") is { } moe)
        {
            throw new InterventionException(moe.Path, $"'{moe.Path}': no component of pyvene has a place for a key of experts. Leave it out.");
        }

        var (type, instance) = (Field("intervention_type"), Field("intervention"));
        if (type is not null && instance is not null)
        {
            throw new InterventionException(json.Path, $"'{json.Path}' has both 'intervention_type' and 'intervention'. Leave one out.");
        }

        var read = new PyveneRepresentation
        {
            Layer = Field("layer") is { } layer ? AtLeast(0, layer) : 0,
            Component = Field("component")?.String() ?? "block_output",
            Unit = Field("unit")?.String() ?? "pos",
            MaxUnits = Field("max_number_of_units") is { } units ? AtLeast(1, units) : 1,
            LowRankDimension = Field("low_rank_dimension") is { } rank ? AtLeast(1, rank) : null,
            TypeName = type is { } name ? PyveneTypes.Name(name)
                : instance is { } named && Member(named, "instance", "class") is { } inner ? PyveneTypes.Name(inner) : null,
            Function = instance is { } function && Member(function, "lambda") is { } text ? FunctionOf(text) : null,
            SubspacePartition = Field("subspace_partition") is { } partition ? [.. partition.Items().Select(Part)] : [],
            GroupKey = Field("group_key")?.Integer(),
            LinkKey = Field("intervention_link_key")?.Element.GetRawText(),
            Constant = Field("source_representation") is { } constant ? Constant(constant) : null,
            HasStoredConstant = Field("hidden_source_representation") is { } stored && stored.Element.ValueKind is JsonValueKind.True,
            LatentDimension = Field("latent_dim") is { } latent ? AtLeast(1, latent) : null,
        };
        return instance is { } given && read.TypeName is null && read.Function is null ? throw given.Wrong("a class, or {\"lambda\": "
            + "…}") : Checked(read, json.Path);
    }

    /// <summary>Reads a constant: a named tensor, or numbers in lists.</summary>
    public ConstantSource Constant(JsonPlace json)
    {
        if (Member(json, "t") is { } name)
        {
            var find = options.Tensor ?? throw new InterventionException(json.Path, $"'{json.Path}' names a tensor, but none were given with the JSON.");
            return ConstantSource.Of(find(name.String()));
        }

        var (shape, values) = (new List<long>(), new List<float>());
        Flatten(json, 0, shape, values);
        try
        {
            return new ConstantSource([.. shape], [.. values]);
        }
        catch (ArgumentException error)
        {
            throw new InterventionException(json.Path, $"'{json.Path}': {error.Message}", error);
        }
    }

    /// <summary>Checks what a class needs.</summary>
    internal static PyveneRepresentation Checked(PyveneRepresentation read, string path) => read switch
    {
        { TypeName: "LowRankRotatedSpaceIntervention", LowRankDimension: null } => throw Missing(path, "low_rank_dimension", read.TypeName),
        { TypeName: "JumpReLUAutoencoderIntervention", LowRankDimension: null } => throw Missing(path, "low_rank_dimension", read.TypeName),
        { TypeName: "AutoencoderIntervention", LatentDimension: null } => throw Missing(path, "latent_dim", read.TypeName),
        _ => read,
    };

    private static InterventionException Missing(string path, string field, string type) => new($"{path}.{field}", $"'{path}' needs '{field}', because "
        + $"{type} does.");

    private static Dictionary<string, JsonPlace> Fields(JsonPlace json)
    {
        if (!json.IsArray)
        {
            return json.Fields(Names);
        }

        var items = json.Items();
        return items.Count <= Names.Length
            ? items
                .Select((item, index) => (Names[index], item with { Path = $"{json.Path}.{Names[index]}" }))
                .ToDictionary(pair => pair.Item1, pair => pair.Item2)
            : throw json.Wrong($"a list of at most {Names.Length} fields");
    }

    /// <summary>Reads a part: two numbers are a half-open range, any other count is features by number.</summary>
    private static ImmutableArray<int> Part(JsonPlace json)
    {
        var numbers = json.Items().Select(item => AtLeast(0, item)).ToArray();
        return numbers.Length != 2 ? [.. numbers]
            : numbers[0] < numbers[1] && numbers[1] - numbers[0] <= IndexRows.LongestRange ? [.. Enumerable.Range(numbers[0], numbers[1] - numbers[0])]
            : throw json.Wrong($"a range [lo, hi) that is not empty and no longer than {IndexRows.LongestRange}");
    }

    private static JsonPlace? Member(JsonPlace json, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (json.Element.ValueKind is JsonValueKind.Object && json.Element.TryGetProperty(name, out var value))
            {
                return json with { Element = value };
            }
        }

        return null;
    }

    private static int AtLeast(int lowest, JsonPlace json) => json.Integer() is var value && value >= lowest ? value : throw json.Wrong($"a whole number "
        + $"from {lowest}");

    private Func<IReadOnlyList<IReadOnlyList<int>>?, Intervention> FunctionOf(JsonPlace json)
    {
        var make = options.Function ?? throw new InterventionException(json.Path, $"'{json.Path}' is a function, but none were given with the JSON.");
        var text = json.String();
        return subspaces => make(text, subspaces);
    }

    private static void Flatten(JsonPlace json, int depth, List<long> shape, List<float> values)
    {
        if (!json.IsArray)
        {
            values.Add(depth == shape.Count ? json.Single() : throw json.Wrong("numbers in lists of equal lengths"));
            return;
        }

        var items = json.Items();
        if (depth == shape.Count && values.Count == 0)
        {
            shape.Add(items.Count);
        }

        if (depth >= shape.Count || shape[depth] != items.Count || items.Count == 0)
        {
            throw json.Wrong("numbers in lists of equal lengths");
        }

        foreach (var item in items)
        {
            Flatten(item, depth + 1, shape, values);
        }
    }
}
