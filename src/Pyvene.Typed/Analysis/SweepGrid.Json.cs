using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Pyvene.Typed.Analysis;
using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Files;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Json;

namespace Pyvene.Typed;

public sealed partial class SweepGrid
{
    /// <summary>The version of the JSON form that this library writes.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Returns the grid as JSON text: every intervention stands once, and a cell is a list of their numbers.</summary>
    /// <exception cref="InterventionException">An intervention or a metric is a function of your own, or holds tensors; the message names it.</exception>
    public string ToJson()
    {
        var distinct = new Dictionary<InterventionSpec, int>();
        foreach (var spec in Cells.SelectMany(cell => cell.Interventions))
        {
            distinct.TryAdd(spec, distinct.Count);
        }

        InterventionSpec[] interventions = [.. distinct.Keys];
        ConfigWriter.Check(interventions, withoutTensors: false);
        foreach (var metric in Metrics)
        {
            metric.RefuseFunction();
        }

        return ConfigWriter.Text(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("version", CurrentVersion);
            ConfigWriter.WriteFrame(json, Cells[0]);
            WriteList("axes", Axes, axis => Write(json, axis));
            ConfigWriter.Write(json, interventions);
            WriteList("cells", Cells, cell => ConfigWriter.WriteCompact(
                json, cell.Interventions.Select(spec => distinct[spec].ToString(CultureInfo.InvariantCulture))));
            WriteList("metrics", Metrics, metric => metric.Write(json));
            json.WritePropertyName("base");
            PromptJson.Write(json, Base);
            WriteList("sources", Sources, source => PromptJson.Write(json, source.Prompt));
            json.WriteEndObject();

            void WriteList<T>(string name, IEnumerable<T> items, Action<T> write)
            {
                json.WriteStartArray(name);
                foreach (var item in items)
                {
                    write(item);
                }

                json.WriteEndArray();
            }
        });
    }

    /// <summary>Reads a grid from JSON text.</summary>
    /// <param name="json">The text.</param>
    /// <exception cref="InterventionException">The text is malformed, has an unknown field, or another version; the message names the path.</exception>
    public static SweepGrid FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        using var limit = SizeLimit.Begin(SizeLimit.OfText);
        var text = new ConfigurationText("The grid");
        var root = JsonText.Parse(json, text);
        var fields = root.Fields("$schema", "version", "architecture", "mode", "axes", "interventions", "cells", "metrics", "base", "sources");
        text.CheckVersion(fields, CurrentVersion);
        SourceInput[] sources = fields.TryGetValue("sources", out var given) ? [.. given.Items().Select(SourceOf)] : [];
        var frame = ConfigReader.Frame(fields) with { Sources = sources.Length };
        SweepAxis[] axes = [.. root["axes"].Items().Select(AxisOf)];
        Metric[] metrics = [.. root["metrics"].Items().Select(item => Metric.Read(item))];
        var @base = PromptJson.Read(root["base"]);
        SweepGrid? grid = null;
        ConfigReader.Interventions(root["interventions"], interventions => grid = ConfigReader.Guard(
            root["cells"],
            () => new SweepGrid(
                axes,
                [.. root["cells"].Items().Select(cell => frame with { Interventions = Chosen(cell, interventions) })],
                @base,
                sources,
                [.. metrics])));
        return grid!;
    }

    /// <summary>Writes the grid to a file; an existing file is replaced at once or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InterventionException">As in <see cref="ToJson"/>; nothing is written.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => WholeFile.Write(path, ToJson());

    /// <summary>Reads a grid from a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InterventionException">The file is malformed; the message names the path to the field.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SweepGrid Load(string path)
    {
        try
        {
            return FromJson(RegularFile.ReadAllText(path, InterventionConfig.LargestFile, RegularFile.SystemError(path)));
        }
        catch (InterventionException error)
        {
            throw new InterventionException(error.Field, $"{path}: {error.Message}", error);
        }
    }

    private static void Write(Utf8JsonWriter json, SweepAxis axis)
    {
        json.WriteStartObject();
        json.WriteString("name", axis.Name);
        json.WriteStartArray("values");
        foreach (var value in axis.Values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
        if (!axis.Numbers.IsEmpty)
        {
            json.WritePropertyName("numbers");
            ConfigWriter.WriteCompact(json, axis.Numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)));
        }

        json.WriteEndObject();
    }

    private static SweepAxis AxisOf(JsonPlace json)
    {
        json.Fields("name", "values", "numbers");
        return ConfigReader.Guard(json, () => new SweepAxis(
            json["name"].String(),
            [.. json["values"].Items().Select(item => item.String())],
            json.Member("numbers") is { } numbers ? [.. numbers.Items().Select(item => item.Integer())] : []));
    }

    private static SourceInput SourceOf(JsonPlace json) => json.Exists ? PromptJson.Read(json) : Source.Skip;

    private static ImmutableArray<InterventionSpec> Chosen(JsonPlace cell, ImmutableArray<InterventionSpec> interventions)
    {
        ImmutableArray<InterventionSpec> chosen = [.. cell.Items().Select(item => item.Integer() is >= 0 and var index && index < interventions.Length
            ? interventions[index]
            : throw item.Wrong($"the number of an intervention, 0 to {interventions.Length - 1}"))];
        try
        {
            SameName.Refuse(chosen);
            return chosen;
        }
        catch (InterventionException error)
        {
            throw new InterventionException(cell.Path, $"'{cell.Path}': {error.Message}", error);
        }
    }
}
