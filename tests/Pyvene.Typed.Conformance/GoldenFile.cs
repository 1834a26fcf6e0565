using Pyvene.Typed.Errors;
using System.Text.Json;
using Pyvene.Typed.Checkpoints;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance;

/// <summary>A file of cases, <c>X.jsonl</c> (one case a line) or <c>X.json</c> (one case), with the tensors of <c>X.safetensors</c> beside it.</summary>
internal sealed class GoldenFile
{
    private readonly string _tensors;

    /// <summary>Names a file of cases; nothing is read yet.</summary>
    /// <param name="path">The path of the <c>.jsonl</c> or <c>.json</c> file.</param>
    /// <param name="tensors">The path of the tensors, where it is not the file of the same name beside it.</param>
    public GoldenFile(string path, string? tensors = null)
    {
        Path = path;
        _tensors = tensors ?? System.IO.Path.ChangeExtension(path, ".safetensors");
    }

    /// <summary>The path of the file.</summary>
    public string Path { get; }

    /// <summary>Runs every case that passes the filter, each inside its own dispose scope, as its result is asked for.</summary>
    /// <param name="filter">Which cases run.</param>
    /// <param name="check">
    /// Runs a case and tells the comparison what it gave. What it throws fails the case; <see cref="UnsupportedCaseException"/> marks it as not supported.
    /// </param>
    /// <returns>One result a case, in the order of the file; a line that cannot be read is a failed case.</returns>
    public IEnumerable<CaseResult> Run(CaseFilter filter, Action<GoldenCase, Comparison> check)
    {
        using var tensors = new TensorsOnDemand(_tensors);
        foreach (var entry in Entries())
            if (filter.Matches(entry.Id))
                yield return Run(entry, tensors, check) with
                {
                    File = System.IO.Path.GetFileName(Path), Class = Text(entry.Json, "class"), Model = Text(entry.Json, "model"),
                    Dtype = Text(entry.Json, "load_dtype"),
                };
    }

    private static string? Text(JsonElement json, string field) =>
        json.ValueKind is JsonValueKind.Object && json.TryGetProperty(field, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString() : null;

    /// <summary>Reads the cases one after another, for what looks at all of them. Tensors that a case reads belong to the current dispose scope.</summary>
    /// <exception cref="InvalidDataException">A line is not a JSON object.</exception>
    public IEnumerable<GoldenCase> Cases()
    {
        using var tensors = new TensorsOnDemand(_tensors);
        foreach (var entry in Entries()) yield return CaseOf(entry, tensors);
    }

    private static CaseResult Run(Entry entry, TensorsOnDemand tensors, Action<GoldenCase, Comparison> check)
    {
        using var scope = NewDisposeScope();
        var comparison = new Comparison();
        try
        {
            check(CaseOf(entry, tensors), comparison);
            return comparison.Result(entry.Id);
        }
        catch (UnsupportedCaseException unsupported)
        {
            return CaseResult.Unsupported(entry.Id, unsupported.Message);
        }
        catch (CheckpointException unsupported) when (unsupported.IsUnsupported)
        {
            return CaseResult.Unsupported(entry.Id, unsupported.Message);
        }
        catch (Exception failure)
        {
            return CaseResult.Failed(entry.Id, Failure.Describe(failure));
        }
    }

    private static GoldenCase CaseOf(Entry entry, TensorsOnDemand tensors) => entry.Malformed is null
        ? new GoldenCase(entry.Id, entry.Json, name => tensors.File.Read(name))
        : throw new InvalidDataException(entry.Malformed);

    private IEnumerable<Entry> Entries()
    {
        if (System.IO.Path.GetExtension(Path) == ".json")
        {
            yield return Read(File.ReadAllText(Path), Path);
            yield break;
        }

        var number = 0;
        foreach (var line in File.ReadLines(Path))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line)) yield return Read(line, $"{Path}:{number}");
        }
    }

    private static Entry Read(string text, string place)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var json = document.RootElement.Clone();
            if (json.ValueKind is not JsonValueKind.Object) return new Entry(place, default, "expected a JSON object, found a JSON " + json.ValueKind);
            var hasId = json.TryGetProperty("id", out var id) && id.ValueKind is JsonValueKind.String;
            return new Entry(hasId ? id.GetString()! : place, json, null);
        }
        catch (JsonException malformed)
        {
            return new Entry(place, default, $"not valid JSON: {malformed.Message}");
        }
    }

    /// <param name="Id">The id of the case, or its place in the file where it has none.</param>
    /// <param name="Json">The fields of the case.</param>
    /// <param name="Malformed">What is wrong with the text, where it is no case.</param>
    private readonly record struct Entry(string Id, JsonElement Json, string? Malformed);

    /// <summary>Opens the tensors when the first case asks for one: cases without tensors need no file.</summary>
    private sealed class TensorsOnDemand(string path) : IDisposable
    {
        private readonly Lazy<SafetensorsFile> _file = new(() => SafetensorsFile.Open(path));

        public SafetensorsFile File => _file.Value;

        public void Dispose()
        {
            if (_file.IsValueCreated) _file.Value.Dispose();
        }
    }
}
