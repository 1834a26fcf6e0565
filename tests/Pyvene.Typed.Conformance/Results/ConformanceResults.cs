using System.Text;
using System.Text.Json;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Conformance.Results;

/// <summary>What came of a whole run, counted; it is kept as JSON with a line a row.</summary>
/// <param name="Folders">The folders of the run, as they were given.</param>
/// <param name="Device">Where it ran.</param>
/// <param name="Rows">The counts.</param>
/// <param name="Sharing">What the runs of a sweep share, by model class.</param>
internal sealed record ConformanceResults(
    string Folders, string Device, IReadOnlyList<ResultsRow> Rows, IReadOnlyDictionary<string, WorkSharing> Sharing)
{
    private static readonly JsonSerializerOptions Options = new(JsonForm.Plain)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        IgnoreReadOnlyProperties = true,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
    };

    /// <summary>Reads a file of results.</summary>
    /// <exception cref="InvalidDataException">The file holds no results.</exception>
    public static ConformanceResults Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<ConformanceResults>(File.ReadAllText(path), Options) is
                { Rows: not null, Sharing: not null, Device: not null } read
                ? read
                : throw new InvalidDataException($"'{path}' holds no results of a run: 'rows', 'sharing' or 'device' is missing");
        }
        catch (JsonException malformed)
        {
            throw new InvalidDataException($"'{path}' holds no results of a run: {malformed.Message}", malformed);
        }
    }

    /// <summary>Returns the text of the file.</summary>
    public string ToJson()
    {
        var text = new StringBuilder();
        text.Append("{\n  \"folders\": ").Append(Json(Folders)).Append(",\n  \"device\": ").Append(Json(Device)).Append(",\n  \"sharing\": {\n");
        text.AppendJoin(",\n", Sharing.Select(item => $"    {Json(item.Key)}: {Json(item.Value)}"));
        text.Append("\n  },\n  \"rows\": [\n").AppendJoin(",\n", Rows.Select(row => $"    {Json(row)}")).Append("\n  ]\n}\n");
        return text.ToString();
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, Options);
}
