using System.Text.Json;
using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Results;

/// <summary>Counts the cases of a run by folder, file, model class and dtype.</summary>
/// <param name="folders">The folders of the run, as they were given.</param>
/// <param name="device">Where it runs.</param>
internal sealed class ResultsCollector(string folders, string device)
{
    private readonly List<ResultsRow> _rows = [];
    private readonly SortedDictionary<string, WorkSharing> _sharing = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _classes = [];

    /// <summary>Adds the cases of a folder.</summary>
    public void Add(FolderResult folder)
    {
        if (folder.Golden is not { } golden) return;
        foreach (var row in folder.Cases.GroupBy(result => (result.File, Of: Of(golden, result), Dtype: result.Dtype ?? "float32"))
            .OrderBy(row => row.Key.ToString(), StringComparer.Ordinal))
        {
            var passed = row.Count(result => result.Passed);
            var unsupported = row.Count(result => !result.Supported);
            _rows.Add(new ResultsRow(
                folder.Folder.Replace('\\', '/'), row.Key.File, row.Key.Of, row.Key.Dtype, passed, row.Count() - passed - unsupported, unsupported));
            if (golden.Group == "models") AddSharing(golden.Path, row.Key.Of);
        }
    }

    /// <summary>Returns what was counted.</summary>
    public ConformanceResults Results => new(folders, device, _rows, _sharing);

    private string Of(GoldenFolder golden, CaseResult result) => golden.Group == "tokenizers"
        ? TokenizerIn(golden.Path)
        : result.Class ?? (result.Model is { } model && ClassIn(Path.Combine(golden.Models, model)) is { Length: > 0 } named ? named : ClassIn(golden.Path));

    /// <summary>The class that a checkpoint names, or nothing where there is none.</summary>
    private string ClassIn(string folder)
    {
        if (_classes.TryGetValue(folder, out var known)) return known;
        var found = "";
        try
        {
            using var checkpoint = Checkpoint.Open(folder);
            found = checkpoint.Config.Architectures.FirstOrDefault() ?? "";
        }
        catch (CheckpointException)
        {
            // No checkpoint, or one that is refused: its cases are counted without a class.
        }

        return _classes[folder] = found;
    }

    private static string TokenizerIn(string folder)
    {
        var file = Path.Combine(folder, "tokenizer.json");
        if (!File.Exists(file)) return File.Exists(Path.Combine(folder, "merges.txt")) ? "BPE" : "";
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        return json.RootElement.GetProperty("model").TryGetProperty("type", out var type) ? type.GetString()! : "";
    }

    private void AddSharing(string folder, string className)
    {
        if (_sharing.ContainsKey(className) || !ModelLoader.ClassNames.Contains(className)) return;
        try
        {
            using var model = ModelLoader.Load(folder, className, META);
            using var bound = BoundModel.Bind(model, []);
            _sharing[className] = bound.Possible(WorkSharing.All);
        }
        catch (CheckpointException)
        {
            // This folder's weights are not of the class; another folder may have it.
        }
    }
}
