using System.Globalization;
using System.Text.Json;
using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Files;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Json;
using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

public sealed partial class TrainingPlan
{
    /// <summary>The version of the JSON form that this library writes.</summary>
    public const int CurrentVersion = 1;

    private const string TextFile = "training.json", TensorFile = "tensors.safetensors", Same = "examples";

    /// <summary>
    /// Returns the plan as JSON text with everything in it, the tensors of interventions and examples as numbers; equal plans are equal texts.
    /// </summary>
    /// <exception cref="InterventionException">
    /// A loss or an intervention is a function of your own, which no text keeps, or a number of a tensor is not finite; the message names it.
    /// </exception>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public string ToJson()
    {
        using var scope = NewDisposeScope();
        return Text(new TensorJson());
    }

    /// <summary>Reads a plan from JSON text.</summary>
    /// <param name="json">The text.</param>
    /// <returns>
    /// The plan. The modules of its interventions are new and the caller's; tensors of examples belong to the current dispose scope, else to the caller.
    /// </returns>
    /// <exception cref="InterventionException">The text is malformed, has an unknown field, or another version; the message names the path.</exception>
    public static TrainingPlan FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Read(json, "The training plan", new TensorJson(), json.Length);
    }

    /// <summary>
    /// Writes the plan as a folder that appears whole or not at all: <c>training.json</c>, and <c>tensors.safetensors</c> with the tensors of interventions and
    /// examples.
    /// </summary>
    /// <param name="folder">The folder; it must not exist, or be empty.</param>
    /// <exception cref="InterventionException">A loss or an intervention is a function of your own, which no file keeps; the message names it.</exception>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <exception cref="IOException">The folder has files, or cannot be written.</exception>
    public void Save(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        using var scope = NewDisposeScope();
        var tensors = new List<(string Name, Tensor Value)>();
        var text = Text(new TensorJson(tensors));
        WholeFolder.Write(folder, temporary =>
        {
            WholeFile.Write(Path.Combine(temporary, TextFile), text);
            if (tensors.Count > 0) SafetensorsWriter.Write(Path.Combine(temporary, TensorFile), tensors);
        });
    }

    /// <summary>Reads a plan from a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>As <see cref="FromJson"/> does.</returns>
    /// <exception cref="InterventionException">The text is malformed; the message names the path to the field.</exception>
    /// <exception cref="CheckpointException">The file of tensors is malformed, or lacks one.</exception>
    /// <exception cref="IOException">The text cannot be read.</exception>
    public static TrainingPlan Load(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var (path, beside) = (Path.Combine(folder, TextFile), Path.Combine(folder, TensorFile));
        var text = RegularFile.ReadAllText(path, InterventionConfig.LargestFile, RegularFile.SystemError(path));
        using var file = File.Exists(beside) ? SafetensorsFile.Open(beside) : null;
        return Read(text, path, new TensorJson(file: file), file is null ? text.Length : new FileInfo(beside).Length);
    }

    private string Text(TensorJson tensors)
    {
        Options.Check();
        ConfigWriter.Check(Experiment.Interventions, withoutTensors: true);
        if (Options.Loss is not null)
        {
            throw new InterventionException(
                "options.loss",
                "The loss is a function of your own, which no text keeps. Write the plan without it, and give it in the program that trains: "
                    + "plan.Options with { Loss = … }.");
        }

        return ConfigWriter.Text(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("version", CurrentVersion);
            json.WritePropertyName("experiment");
            ConfigWriter.Write(json, Experiment);
            json.WriteStartObject("states");
            foreach (var (index, intervention) in ExperimentFolder.StatesOf(Experiment))
            {
                Write(json, index, intervention, tensors);
            }

            json.WriteEndObject();
            json.WritePropertyName("options");
            TrainingOptionsJson.Write(json, Options);
            ExamplesJson.Write(json, "examples", Examples, tensors);
            if (ReferenceEquals(Options.Evaluation, Examples)) json.WriteString("evaluation", Same);
            else if (Options.Evaluation is { } held) ExamplesJson.Write(json, "evaluation", held, tensors);
            json.WriteEndObject();
        });
    }

    private static void Write(Utf8JsonWriter json, int index, IStatefulIntervention intervention, TensorJson tensors)
    {
        var name = index.ToString(CultureInfo.InvariantCulture);
        json.WriteStartObject(name);
        foreach (var (part, value) in intervention.CopyState().OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            json.WritePropertyName(part);
            tensors.Write(json, $"states.{name}.{part}", value);
        }

        json.WriteEndObject();
    }

    private static TrainingPlan Read(string json, string name, TensorJson tensors, long length)
    {
        using var limit = SizeLimit.Begin(Math.Max(SizeLimit.OfText, length / 2)); // a number takes at least two bytes
        var text = new ConfigurationText(name);
        var root = JsonText.Parse(json, text);
        var fields = root.Fields("$schema", "version", "experiment", "states", "options", "examples", "evaluation");
        text.CheckVersion(fields, CurrentVersion);
        var (examples, options) = Data(root, tensors);
        InterventionConfig? config = null;
        try
        {
            config = ConfigReader.Config(root["experiment"], new ConfigurationText("The experiment of the plan"));
            ReadStates(root["states"], config, tensors);
            return ConfigReader.Guard(root["examples"], () => new TrainingPlan(config, examples, options));
        }
        catch
        {
            if (config is not null) ExperimentFolder.DisposeStates(config);
            foreach (var tensor in TensorsOf(examples, options))
            {
                tensor.Dispose();
            }

            throw;
        }
    }

    private static (CounterfactualSet Examples, TrainingOptions Options) Data(JsonPlace root, TensorJson tensors)
    {
        using var scope = NewDisposeScope();
        var examples = ExamplesJson.Read(root["examples"], tensors);
        var options = (root.Member("options") is { } settings ? TrainingOptionsJson.Read(settings) : new TrainingOptions()) with
        {
            Evaluation = root.Member("evaluation") is not { } held ? null
                : !held.IsString ? ExamplesJson.Read(held, tensors)
                : held.String() == Same ? examples : throw held.Wrong($"\"{Same}\", or examples"),
        };
        ConfigReader.Guard(root["options"], () =>
        {
            options.Check();
            return 0;
        });
        foreach (var tensor in TensorsOf(examples, options))
        {
            tensor.MoveToOuterDisposeScope();
        }

        return (examples, options);
    }

    private static IEnumerable<Tensor> TensorsOf(CounterfactualSet examples, TrainingOptions options) =>
        new[] { examples, options.Evaluation }.OfType<CounterfactualSet>().Distinct().SelectMany(ExamplesJson.TensorsOf);

    private static void ReadStates(JsonPlace json, InterventionConfig config, TensorJson tensors)
    {
        using var scope = NewDisposeScope();
        var states = ExperimentFolder.StatesOf(config).ToDictionary(item => item.Index.ToString(CultureInfo.InvariantCulture), item => item.Intervention);
        if (states.Count > 0 || json.Exists) json.Fields([.. states.Keys]);
        foreach (var (index, intervention) in states)
        {
            var state = json[index];
            try
            {
                intervention.LoadState(state.Members().ToDictionary(part => part.Name, part => tensors.Read(part.Value), StringComparer.Ordinal));
            }
            catch (InterventionException error) when (!error.Field.StartsWith("states", StringComparison.Ordinal))
            {
                throw new InterventionException(state.Path, $"'{state.Path}' does not fit its intervention: {error.Message}", error);
            }
        }
    }
}
