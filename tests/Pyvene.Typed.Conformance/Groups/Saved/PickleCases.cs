using System.Text.Json;
using Pyvene.Typed.Checkpoints.Pickle;
using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Saved;

/// <summary>Reads files of <c>torch.save</c> that must be read, and files that must be refused.</summary>
internal static class PickleCases
{
    private const string Marker = "PWNED";

    /// <summary>Runs every file that <c>expect.json</c> lists.</summary>
    public static IEnumerable<CaseResult> Run(string path, CaseFilter filter)
    {
        var folder = Path.GetDirectoryName(path)!;
        foreach (var golden in new GoldenFile(path).Cases())
        foreach (var (list, check) in new (string, Action<JsonElement, GoldenCase, string, Comparison>)[] { ("ok", CheckValue), ("bad", CheckRefusal) })
        foreach (var entry in golden.Required(list).EnumerateArray())
        {
            var id = entry.GetProperty("file").GetString()!;
            if (filter.Matches(id)) yield return Result(id, comparison => check(entry, golden, Path.Combine(folder, id), comparison));
        }
    }

    private static CaseResult Result(string id, Action<Comparison> check)
    {
        using var scope = NewDisposeScope();
        var comparison = new Comparison();
        try
        {
            check(comparison);
            return comparison.Result(id);
        }
        catch (Exception failure)
        {
            return CaseResult.Failed(id, Failure.Describe(failure));
        }
    }

    private static void CheckValue(JsonElement entry, GoldenCase golden, string path, Comparison comparison)
    {
        using var file = PickleFile.Open(path);
        var tensors = new Dictionary<string, PickledTensor>();
        PickledValue.Compare(file, file.Value, entry.GetProperty("value"), golden, comparison, "value", tensors);
        if (entry.TryGetProperty("one_storage", out var shared))
            comparison.Exact("storages", shared.EnumerateArray().Select(name => tensors[name.GetString()!].Storage.Key).Distinct().Count(), 1);
    }

    private static void CheckRefusal(JsonElement entry, GoldenCase golden, string path, Comparison comparison)
    {
        var verdict = entry.GetProperty("verdict").GetString();
        var places = new[] { Path.GetDirectoryName(path)!, Environment.CurrentDirectory, Path.GetPathRoot(path)! };
        try
        {
            using var file = PickleFile.Open(path);
            foreach (var tensor in PickledValue.Tensors(file.Value)) file.Read(tensor).Dispose();
            comparison.Holds(verdict is not ("refuse" or "refuse-or-checksum"), $"was read, but: {entry.GetProperty("why").GetString()}");
        }
        catch (CheckpointException)
        {
            // Every verdict allows a refusal.
        }

        comparison.Holds(places.All(place => !File.Exists(Path.Combine(place, Marker))), $"the file {Marker} was created");
    }
}
