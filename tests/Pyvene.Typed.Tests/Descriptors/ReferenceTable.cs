using System.Text.Json;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Models;

namespace Pyvene.Typed.Tests.Descriptors;

/// <summary>Reads a table of components of the reference implementation.</summary>
internal sealed class ReferenceTable
{
    private readonly JsonElement dims;

    private ReferenceTable(string folder, JsonElement table)
    {
        var config = Path.Combine(folder, "config.json");

        // Python writes an infinite number as a word, which JSON does not have.
        Config = ModelConfig.Parse(File.Exists(config) ? File.ReadAllText(config).Replace("Infinity", "null", StringComparison.Ordinal) : "{}", folder);
        dims = table.TryGetProperty("dims", out var value) ? value : default;
        Class = table.GetProperty("class").GetString()!;
        Key = Path.GetFileName(folder).Replace('-', '_');
        Components = [.. table.GetProperty("components").EnumerateArray().SelectMany(Rows)];
    }

    /// <summary>Gets the model's class; <c>module.json</c> for a plain module.</summary>
    public string Class { get; }

    /// <summary>Gets the key of the descriptor of a plain module.</summary>
    public string Key { get; }

    /// <summary>Gets the model's configuration.</summary>
    public ModelConfig Config { get; }

    /// <summary>Gets the components of all layers.</summary>
    public IReadOnlyList<ReferenceComponent> Components { get; }

    /// <summary>Reads a table.</summary>
    public static ReferenceTable Read(string folder)
    {
        using var table = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "components.json")));
        return new ReferenceTable(folder, table.RootElement.Clone());
    }

    private IEnumerable<ReferenceComponent> Rows(JsonElement entry) => Layers(entry).Select(layers => new ReferenceComponent(
        NameOf(entry.GetProperty("component").GetString()!),
        string.Concat(layers.Select(layer => $"[{layer}]")),
        layers.Aggregate(entry.GetProperty("path").GetString()!, (path, layer) => ReplaceFirst(path, "%s", $"{layer}")),
        entry.GetProperty("side").GetString()!,
        (entry.TryGetProperty("argument", out var item) || entry.TryGetProperty("tuple_index", out item)) && item.ValueKind != JsonValueKind.Null
            ? item.ToString()
            : "0",
        string.Join(", ", entry.GetProperty("transform").EnumerateArray().Select(Step)),
        entry.TryGetProperty("dim_value", out var width) && width.ValueKind == JsonValueKind.Number ? width.GetInt64() : null,
        entry.TryGetProperty("axes", out var axes) ? string.Join(", ", axes.EnumerateArray()) : null));

    private static long[][] Layers(JsonElement entry) => entry.GetProperty("layers") switch
    {
        { ValueKind: JsonValueKind.Number } count => [.. Enumerable.Range(0, count.GetInt32()).Select(layer => (long[])[layer])],
        { ValueKind: JsonValueKind.Array } layers => [.. layers.EnumerateArray()
            .Select(layer => layer.ValueKind == JsonValueKind.Array ? layer.EnumerateArray().Select(index => index.GetInt64()).ToArray() : [layer.GetInt64()])],
        _ => [[]],
    };

    private string Step(JsonElement step)
    {
        var parts = step.EnumerateArray().ToArray();
        return parts[0].GetString() switch
        {
            "tokens" => "tokens batch",
            "channels_first" => "channelsFirst position",
            var kind => $"{kind} {string.Join(' ', parts.Skip(1).Select(Numbers))}",
        };

        string Numbers(JsonElement part) =>
            part.ValueKind == JsonValueKind.Array ? string.Join('+', part.EnumerateArray().Select(Number)) : Number(part);
    }

    private string Number(JsonElement part) =>
        part.ValueKind == JsonValueKind.Number ? part.ToString() : $"{SizeExpression.Evaluate(part.GetString()!, Value)}";

    private long? Value(string name) =>
        dims.ValueKind == JsonValueKind.Object ? dims.GetProperty(name).GetInt64() : Config.GetElementAt(name)?.GetInt64();

    // Components of a plain module are named by their paths.
    private string NameOf(string name) => Class != "module.json" ? name : char.IsDigit(name[0]) ? $"child_{name.Replace('.', '_')}" : name.Replace('.', '_');

    private static string ReplaceFirst(string text, string part, string other) =>
        text.IndexOf(part, StringComparison.Ordinal) is >= 0 and var at ? text[..at] + other + text[(at + part.Length)..] : text;
}
