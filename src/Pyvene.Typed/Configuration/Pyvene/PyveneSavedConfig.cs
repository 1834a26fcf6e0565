using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;
using static TorchSharp.torch;

namespace Pyvene.Typed.Configuration;

/// <summary>Reads and writes the <c>config.json</c> of pyvene's folders.</summary>
/// <param name="experiment">The configuration, its entries in the order of <c>sorted_keys</c>.</param>
/// <param name="storedKeys">The key of every entry as it is written in the file.</param>
internal sealed class PyveneSavedConfig(PyveneExperiment experiment, ImmutableArray<string> storedKeys)
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Gets the file of every entry, with its present key, and whether it must be there.</summary>
    public IEnumerable<(string Key, string File, bool IsNeeded)> Files => experiment.Keys.Select((key, index) =>
        (key, FileOf(storedKeys[index]), experiment.Representations[index].HasStoredConstant || PyveneTypes.HasWeights(experiment.Representations[index])));

    /// <summary>Returns the name of an intervention's file.</summary>
    public static string FileOf(string key) => $"intkey_{key}.bin";

    /// <summary>Reads the file.</summary>
    /// <exception cref="InterventionException">A field is missing or of the wrong kind, or the keys do not name the entries.</exception>
    public static PyveneSavedConfig Read(JsonPlace root)
    {
        var read = PyveneExperiment.Read(root, new PyveneJsonOptions());
        var dimensions = root.Member("intervention_dimensions")?.Items();
        var entries = read.Representations.Select((entry, index) =>
            WithDimension(entry, dimensions is { } all && index < all.Count ? all[index] : null)).ToArray();
        if (root.Member("sorted_keys") is not { } keys)
        {
            return new PyveneSavedConfig(PyveneExperiment.Of([.. entries], read.Mode), read.Keys);
        }

        string[] stored = [.. keys.Items().Select(PlainKey)];
        int[] order = [.. stored.Select(key => read.Keys.IndexOf(PyveneKeys.Current(key)))];
        return order.Order().SequenceEqual(Enumerable.Range(0, entries.Length))
            ? new PyveneSavedConfig(PyveneExperiment.Of([.. order.Select(index => entries[index])], read.Mode)
                with { Keys = [.. order.Select(index => read.Keys[index])] }, [.. stored])
            : throw new InterventionException("sorted_keys", $"'sorted_keys' must name each of {string.Join(", ", read.Keys)} once, but names "
                + $"{string.Join(", ", stored)}.");
    }

    /// <summary>Returns the configuration with the constants that lie in files.</summary>
    public PyveneExperiment WithConstants(Func<string, Tensor?> find) => experiment.WithRepresentations(
        [.. experiment.Representations.Select((entry, index) =>
            entry.HasStoredConstant && find(experiment.Keys[index]) is { } constant ? entry with { Constant = ConstantSource.Of(constant) } : entry)]);

    /// <summary>Writes the file, fields in the order of the alphabet as pyvene does.</summary>
    public static string Write(PyveneExperiment experiment)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            WriteList(json, "intervention_constant_sources", experiment.Representations, entry => json.WriteBooleanValue(PyveneTypes.IsConstant(entry)));
            WriteList(json, "intervention_dimensions", experiment.Representations, entry => WriteDimension(json, entry));
            WriteList(json, "intervention_types", experiment.Representations, entry => json.WriteStringValue(PyveneTypes.ClassText(entry)));
            json.WriteString("mode", experiment.Mode.ToString().ToLowerInvariant());
            WriteList(json, "representations", experiment.Representations, entry => Write(json, entry));
            WriteList(json, "sorted_keys", experiment.Keys, json.WriteStringValue);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    /// <summary>A key becomes a part of a file's name, so it must not lead elsewhere.</summary>
    private static string PlainKey(JsonPlace json) =>
        json.String() is var key && key.IndexOfAny(['/', '\\', ':', '\0']) < 0 ? key : throw json.Wrong("a key without '/', '\\' and ':'");

    private static PyveneRepresentation WithDimension(PyveneRepresentation entry, JsonPlace? dimension) => dimension switch
    {
        null or { Element.ValueKind: JsonValueKind.Null } => entry,
        { IsArray: true } latents => entry with { Latents = [.. latents.Items().Select(item => item.Integer())] },
        { } count => entry with { Dimension = count.Integer() },
    };

    private static void WriteDimension(Utf8JsonWriter json, PyveneRepresentation entry)
    {
        if (entry.Latents.Length > 0)
        {
            WriteNumbers(json, entry.Latents);
        }
        else if (entry.Dimension is { } dimension)
        {
            json.WriteNumberValue(dimension);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    /// <summary>Writes an entry as the list of its fields, the form that pyvene reads back.</summary>
    private static void Write(Utf8JsonWriter json, PyveneRepresentation entry)
    {
        json.WriteStartArray();
        json.WriteNumberValue(entry.Layer);
        json.WriteStringValue(entry.Component);
        json.WriteStringValue(entry.Unit);
        json.WriteNumberValue(entry.MaxUnits);
        WriteNumber(json, entry.LowRankDimension);
        json.WriteNullValue(); // intervention_type
        json.WriteNullValue(); // intervention
        WritePartition(json, entry.SubspacePartition);
        WriteNumber(json, entry.GroupKey);
        if (entry.LinkKey is { } link)
        {
            json.WriteRawValue(link);
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteNullValue(); // moe_key
        json.WriteNullValue(); // source_representation
        if (entry.HasStoredConstant)
        {
            json.WriteBooleanValue(true);
        }
        else
        {
            json.WriteNullValue();
        }

        WriteNumber(json, entry.LatentDimension);
        json.WriteEndArray();
    }

    /// <summary>Writes parts as pyvene reads them: two numbers are a range, so two features by number cannot be written unless they follow each
    /// other.</summary>
    private static void WritePartition(Utf8JsonWriter json, ImmutableArray<ImmutableArray<int>> partition)
    {
        if (partition.Length == 0)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartArray();
        foreach (var part in partition)
        {
            var isRun = part.SequenceEqual(Enumerable.Range(part[0], part.Length));
            WriteNumbers(json, isRun ? [part[0], part[0] + part.Length] : part);
        }

        json.WriteEndArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, IEnumerable<int> numbers)
    {
        json.WriteStartArray();
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, int? number)
    {
        if (number is { } value)
        {
            json.WriteNumberValue(value);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    private static void WriteList<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            write(item);
        }

        json.WriteEndArray();
    }
}
