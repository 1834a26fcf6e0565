using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;

namespace Pyvene.Typed.Configuration;

/// <summary>Writes a configuration as JSON: fields in one order, defaults left out, so that equal configurations are equal texts.</summary>
internal static class ConfigWriter
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(InterventionConfig config, bool withoutTensors)
    {
        Check(config.Interventions, withoutTensors);
        return Text(json => Write(json, config));
    }

    /// <summary>Writes a configuration, whose interventions have been checked, as an object.</summary>
    public static void Write(Utf8JsonWriter json, InterventionConfig config)
    {
        json.WriteStartObject();
        json.WriteNumber("version", InterventionConfig.CurrentVersion);
        WriteFrame(json, config);
        json.WriteNumber("sources", config.Sources);
        Write(json, config.Interventions);
        json.WriteEndObject();
    }

    /// <summary>Writes a text.</summary>
    /// <param name="write">Writes its one value.</param>
    public static string Text(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    /// <summary>Writes the fields of architecture and mode.</summary>
    public static void WriteFrame(Utf8JsonWriter json, InterventionConfig config)
    {
        if (config.Architecture is { } architecture)
        {
            json.WriteString("architecture", architecture);
        }

        json.WriteString("mode", config.Mode.ToString().ToLowerInvariant());
    }

    /// <summary>Writes the field <c>interventions</c>.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<InterventionSpec> interventions)
    {
        json.WriteStartArray("interventions");
        var shared = SharedStates(interventions);
        foreach (var spec in interventions)
        {
            Write(json, spec, shared);
        }

        json.WriteEndArray();
    }

    /// <summary>Refuses interventions that would not come back when they are read.</summary>
    /// <exception cref="InterventionException">The message names what would be lost.</exception>
    public static void Check(IReadOnlyList<InterventionSpec> interventions, bool withoutTensors)
    {
        foreach (var (index, spec) in interventions.Index())
        {
            if (!withoutTensors && spec.Intervention is IStatefulIntervention)
            {
                throw new InterventionException(
                    $"interventions[{index}]",
                    $"'interventions[{index}]': '{spec.Intervention.Type}' holds tensors, which JSON does not keep: reading would make a new one with "
                        + "others. Save the experiment and its tensors with "
                    + "ExperimentFolder.Save, or write types and sizes alone with withoutTensors: true.");
            }

            ReadBack.Check(spec.Intervention, $"interventions[{index}]");
        }
    }

    /// <summary>Returns the states that several interventions share, in the order in which they are first used.</summary>
    private static object[] SharedStates(IReadOnlyList<InterventionSpec> interventions) =>
        [.. interventions.Select(spec => spec.Intervention)
            .OfType<IStatefulIntervention>()
            .GroupBy(stateful => stateful.StateOwner, ReferenceEqualityComparer.Instance)
            .Where(users => users.Count() > 1)
            .Select(users => users.Key!)];

    private static void Write(Utf8JsonWriter json, InterventionSpec spec, object[] shared)
    {
        json.WriteStartObject();
        json.WriteString("type", spec.Intervention.Type);
        if (spec.Intervention is IStatefulIntervention stateful && Array.IndexOf(shared, stateful.StateOwner) is >= 0 and var link)
        {
            json.WriteNumber("link", link);
        }

        if (spec.Intervention.ToParameters() is { } parameters)
        {
            json.WritePropertyName("parameters");
            parameters.WriteTo(json);
        }

        if (spec.Intervention is Learned { Collects: { } part })
        {
            json.WriteString("collects", part.ToString().ToLowerInvariant());
        }

        Write(json, spec.Site);
        if (spec.Source != 0)
        {
            json.WriteNumber("source", spec.Source);
        }

        if (spec.Constant is { } constant)
        {
            json.WriteStartObject("constant");
            constant.Write(json);
            json.WriteEndObject();
        }

        if (spec.MatchedRandom is { } seed)
        {
            json.WriteNumber("matched_random", seed);
        }

        if (spec.Name is { } name)
        {
            json.WriteString("name", name);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, SiteSpec site)
    {
        if (site.Component is { } component)
        {
            json.WriteString("component", component);
        }

        if (site.Layer is { } layer)
        {
            json.WriteNumber("layer", layer);
        }

        if (site.Sublayer is { } sublayer)
        {
            json.WriteNumber("sublayer", sublayer);
        }

        if (site.ModulePath is { } path)
        {
            json.WriteString("module", path);
            if (site.Side == HookSide.Input)
            {
                json.WriteString("side", "input");
            }

            if (site.Item != 0)
            {
                json.WriteNumber("item", site.Item);
            }
        }

        if (site.Unit is { } unit)
        {
            json.WriteString("unit", unit.ToString().ToLowerInvariant());
        }

        if (site.HeadCount is { } heads)
        {
            json.WriteNumber("head_count", heads);
        }

        if (site.HeadAxis is { } axis)
        {
            json.WriteNumber("head_axis", axis);
        }

        Write(json, "heads", site.Heads?.Index);
        Write(json, "at", site.At);
        Write(json, "read_heads", site.ReadHeads?.Index);
        Write(json, "read_at", site.ReadAt);
        if (site.Features?.Index is { IsPerExample: false } features && IsRun(features))
        {
            json.WriteString("features", string.Create(CultureInfo.InvariantCulture, $"{features.Rows[0][0]}..{features.Rows[0][^1] + 1}"));
        }
        else
        {
            Write(json, "features", site.Features?.Index);
        }

        if (site.During is { } steps)
        {
            json.WritePropertyName("steps");
            string[] named = [.. steps.IncludesPrompt ? ["\"prompt\""] : Array.Empty<string>(), .. steps.IncludesEach ? ["\"each\""] : Array.Empty<string>()];
            WriteCompact(json, named.Concat(steps.Chosen.Select(step => step.ToString(CultureInfo.InvariantCulture))));
        }
    }

    /// <summary>Writes a field of positions, or nothing.</summary>
    public static void Write(Utf8JsonWriter json, string name, Positions? positions)
    {
        switch (positions)
        {
            case Positions.Indices indices:
                json.WritePropertyName(name);
                WriteCompact(json, indices.Values.Select(index => index.IsFromEnd ? $"\"{index}\"" : index.ToString()));
                break;
            case Positions.Span span:
                json.WriteString(name, span.Range.ToString());
                break;
            case Positions.Token token:
                json.WriteStartObject(name);
                json.WriteString("text", token.Text);
                json.WriteEndObject();
                break;
            case Positions.Tokens tokens:
                json.WriteStartObject(name);
                json.WriteStartArray("texts");
                foreach (var text in tokens.Texts)
                {
                    json.WriteStringValue(text);
                }

                json.WriteEndArray();
                json.WriteEndObject();
                break;
            case Positions.Mark mark:
                json.WriteStartObject(name);
                json.WriteString("mark", mark.Name);
                json.WriteEndObject();
                break;
            case Positions.Rows rows:
                WriteRows(json, name, "examples", rows.Index);
                break;
            case Positions.Raw raw:
                WriteRows(json, name, "columns", raw.Index);
                break;
            default:
                break;
        }
    }

    private static void Write(Utf8JsonWriter json, string name, IndexRows? index)
    {
        if (index is { IsPerExample: true })
        {
            WriteRows(json, name, "examples", index);
        }
        else if (index is not null)
        {
            json.WritePropertyName(name);
            WriteCompact(json, index.Rows[0].Select(value => value.ToString(CultureInfo.InvariantCulture)));
        }
    }

    private static void WriteRows(Utf8JsonWriter json, string name, string field, IndexRows index)
    {
        json.WriteStartObject(name);
        json.WriteStartArray(field);
        foreach (var row in index.Rows)
        {
            WriteCompact(json, row.Select(value => value.ToString(CultureInfo.InvariantCulture)));
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes a short list on one line.</summary>
    public static void WriteCompact(Utf8JsonWriter json, IEnumerable<string> items) => json.WriteRawValue($"[{string.Join(", ", items)}]");

    private static bool IsRun(IndexRows index) => index.Count > 2 && index.Rows[0].Select((value, offset) => value - offset).Distinct().Count() == 1;
}
