using System.Text.Json;

namespace Pyvene.Typed.Conformance.Groups.Models.Modules;

/// <summary>Is a node of a <c>module.json</c>: a class of torch.nn with its constructor's arguments, or one of the data's own.</summary>
/// <param name="json">The node.</param>
internal sealed class ModuleNode(JsonElement json)
{
    private readonly HashSet<string> _read = ["type"];

    /// <summary>The name of the class.</summary>
    public string Type => json.GetProperty("type").GetString()!;

    /// <summary>The parts in order, with their names.</summary>
    public IReadOnlyList<(string Name, ModuleNode Node)> Children =>
        [.. Items("children").Select(child => (child[0].GetString()!, new ModuleNode(child[1])))];

    /// <summary>Returns a field, or null where it is absent or JSON's null.</summary>
    public JsonElement? Field(string name)
    {
        _read.Add(name);
        return json.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;
    }

    /// <summary>Returns the items of a list, none where it is absent.</summary>
    public IEnumerable<JsonElement> Items(string name) => Field(name) is { } list ? list.EnumerateArray() : [];

    /// <summary>Returns the tensors of an own class by name, with their shapes.</summary>
    public IReadOnlyDictionary<string, long[]> Shapes(string name) => Field(name) is { } tensors
        ? tensors.EnumerateObject().ToDictionary(item => item.Name, item => item.Value.EnumerateArray().Select(size => size.GetInt64()).ToArray())
        : new Dictionary<string, long[]>();

    /// <summary>Returns a whole number.</summary>
    public long Size(string name, long? otherwise = null) => Field(name)?.GetInt64() ?? otherwise ?? throw Missing(name);

    /// <summary>Returns a number.</summary>
    public double Number(string name, double? otherwise = null) => Field(name)?.GetDouble() ?? otherwise ?? throw Missing(name);

    /// <summary>Returns a flag.</summary>
    public bool Flag(string name, bool otherwise) => Field(name)?.GetBoolean() ?? otherwise;

    /// <summary>Returns a word.</summary>
    public string Text(string name, string otherwise) => Field(name)?.GetString() ?? otherwise;

    /// <summary>Returns one size for each of so many axes: a number stands for all of them.</summary>
    public long[] Sizes(string name, int count, long? otherwise = null) => Field(name) switch
    {
        null => [.. Enumerable.Repeat(otherwise ?? throw Missing(name), count)],
        { ValueKind: JsonValueKind.Number } one => [.. Enumerable.Repeat(one.GetInt64(), count)],
        { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() == count => [.. list.EnumerateArray().Select(size => size.GetInt64())],
        { } other => throw new UnsupportedCaseException($"{Type}: {name} {other.GetRawText()} is not supported yet"),
    };

    /// <summary>Returns two sizes: height and width.</summary>
    public (long Height, long Width) Pair(string name, long? otherwise = null) => Sizes(name, 2, otherwise) is var sizes ? (sizes[0], sizes[1]) : default;

    /// <summary>Returns a shape.</summary>
    public long[] Shape(string name) => Field(name) is { ValueKind: JsonValueKind.Number } one ? [one.GetInt64()]
        : [.. Items(name).Select(size => size.GetInt64())];

    /// <summary>Refuses a node that says something which was not read: it may mean another module.</summary>
    /// <exception cref="UnsupportedCaseException">A field was not read.</exception>
    public void CheckRead()
    {
        var unread = json.EnumerateObject().Select(field => field.Name).Where(name => !_read.Contains(name)).ToArray();
        if (unread.Length > 0) throw new UnsupportedCaseException($"{Type}: {string.Join(", ", unread)} is not supported yet");
    }

    private InvalidDataException Missing(string name) => new($"a {Type} of module.json has no '{name}'");
}
