using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Files;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Configuration;

/// <summary>Saves an experiment as a folder: <c>experiment.json</c>, readable and small, and <c>weights.safetensors</c> with the tensors of interventions that
/// learn and the constants that are too large to read.</summary>
public static class ExperimentFolder
{
    private const string ConfigFile = "experiment.json", WeightsFile = "weights.safetensors";
    private const int LargestInline = 256; // values

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>Writes the folder; it appears whole or not at all.</summary>
    /// <param name="config">The experiment.</param>
    /// <param name="folder">The folder; it must not exist, or be empty.</param>
    /// <exception cref="InterventionException">An intervention is a function, which cannot be written.</exception>
    /// <exception cref="IOException">The folder has files, or cannot be written.</exception>
    public static void Save(InterventionConfig config, string folder)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var large = config.Interventions.Index()
            .Where(item => item.Item.Constant?.Values.Length > LargestInline)
            .ToDictionary(item => item.Index, item => item.Item.Constant!);
        var json = JsonNode.Parse(config.ToJson(withoutTensors: true))!;
        foreach (var index in large.Keys)
        {
            json["interventions"]![index]!["constant"] = new JsonObject { ["tensor"] = NameOf(index) };
        }

        WholeFolder.Write(folder, temporary =>
        {
            File.WriteAllText(Path.Combine(temporary, ConfigFile), json.ToJsonString(Json) + "\n");
            using var scope = NewDisposeScope();
            SafetensorsWriter.Write(
                Path.Combine(temporary, WeightsFile),
                large.Select(item => (NameOf(item.Key), tensor([.. item.Value.Values], [.. item.Value.Shape], dtype: float32)))
                    .Concat(
                        StatesOf(config).SelectMany(item => item.Intervention.CopyState().Select(entry => (PrefixOf(item.Index) + entry.Key, entry.Value)))));
        });
    }

    /// <summary>Reads the folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The experiment; the modules of its interventions that learn are new, and the caller's.</returns>
    /// <exception cref="InterventionException">The configuration is malformed, or a tensor that belongs to it is missing or of another shape; the message names
    /// the path to the field.</exception>
    /// <exception cref="CheckpointException">The file of tensors is missing or malformed.</exception>
    /// <exception cref="IOException">The configuration cannot be read.</exception>
    public static InterventionConfig Load(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var path = Path.Combine(folder, ConfigFile);
        var root = JsonText.Parse(RegularFile.ReadAllBytes(path, InterventionConfig.LargestFile, RegularFile.SystemError(path)), new ConfigurationText(path));
        var json = root.Element.ValueKind is JsonValueKind.Object ? JsonObject.Create(root.Element)! : throw root.Wrong("an object");
        var names = new Dictionary<int, string>();
        if (json["interventions"] is JsonArray interventions)
        {
            for (var index = 0; index < interventions.Count; index++)
            {
                if (interventions[index] is JsonObject entry
                    && entry["constant"] is JsonObject constant && constant["tensor"] is JsonValue name && name.TryGetValue<string>(out var text))
                {
                    names.Add(index, text);
                    entry.Remove("constant");
                }
            }
        }

        var config = ConfigReader.Read(json.ToJsonString(), Math.Max(SizeLimit.OfText, LargestStateOf(folder)));
        try
        {
            using var weights = SafetensorsFile.Open(Path.Combine(folder, WeightsFile));
            foreach (var (index, intervention) in StatesOf(config))
            {
                ReadState(weights, intervention, index);
            }

            return config with
            {
                Interventions = [.. config.Interventions.Select((spec, index) =>
                    names.TryGetValue(index, out var name) ? spec with { Constant = Read(weights, name, index) } : spec)],
            };
        }
        catch
        {
            DisposeStates(config);
            throw;
        }
    }

    /// <summary>Disposes the modules of a configuration that is not given to anybody.</summary>
    internal static void DisposeStates(InterventionConfig config)
    {
        foreach (var (_, intervention) in StatesOf(config))
        {
            (intervention.StateOwner as IDisposable)?.Dispose();
        }
    }

    /// <summary>Returns the interventions that hold tensors, each state once.</summary>
    internal static IEnumerable<(int Index, IStatefulIntervention Intervention)> StatesOf(InterventionConfig config) => config.Interventions.Index()
        .Where(item => item.Item.Intervention is IStatefulIntervention)
        .Select(item => (item.Index, (IStatefulIntervention)item.Item.Intervention))
        .DistinctBy(item => item.Item2.StateOwner, ReferenceEqualityComparer.Instance);

    /// <summary>Returns how many elements the tensors beside a configuration can have, at two bytes each.</summary>
    private static long LargestStateOf(string folder) => new FileInfo(Path.Combine(folder, WeightsFile)) is { Exists: true, Length: var bytes } ? bytes / 2 : 0;

    private static string PrefixOf(int index) => string.Create(CultureInfo.InvariantCulture, $"interventions.{index}.state.");

    private static string NameOf(int index) => string.Create(CultureInfo.InvariantCulture, $"interventions.{index}.constant");

    private static void ReadState(SafetensorsFile weights, IStatefulIntervention intervention, int index)
    {
        using var scope = NewDisposeScope();
        var prefix = PrefixOf(index);
        var state = weights.Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(name => name[prefix.Length..], weights.Read, StringComparer.Ordinal);
        try
        {
            intervention.LoadState(state);
        }
        catch (InterventionException error)
        {
            throw new InterventionException($"interventions[{index}]", $"{weights.Path} does not fit 'interventions[{index}]': {error.Message}", error);
        }
    }

    private static ConstantSource Read(SafetensorsFile weights, string name, int index)
    {
        if (!weights.Contains(name))
        {
            throw new InterventionException($"interventions[{index}].constant", $"'interventions[{index}].constant' is the tensor '{name}', which "
                + $"{weights.Path} does not hold.");
        }

        using var tensor = weights.Read(name);
        return ConstantSource.Of(tensor);
    }
}
