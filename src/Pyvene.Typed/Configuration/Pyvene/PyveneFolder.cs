using System.Text.Json;
using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Files;
using Pyvene.Typed.Json;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Configuration;

/// <summary>Is a folder of pyvene's <c>IntervenableModel.save()</c>: a configuration, and a file of tensors for every intervention that has any. Owns the
/// tensors.</summary>
/// <remarks>
/// Reads the folders of every version, those with dotted key names too, and those that pyvene writes but cannot load. Nothing in them is executed, and no name
/// in them is used as a path
/// that leaves the folder. Positions and subspaces are not part of such a folder: pyvene takes them with every call.
/// </remarks>
public sealed partial class PyveneFolder : IDisposable
{
    private const string ConfigFile = "config.json", ModelFile = "pytorch_model.bin", Constant = "source_representation";

    internal PyveneFolder(
        PyveneExperiment experiment, IReadOnlyDictionary<string, IReadOnlyDictionary<string, Tensor>> states, IReadOnlyDictionary<string, Tensor>? model)
    {
        Experiment = experiment;
        States = states;
        ModelState = model;
    }

    /// <summary>Gets the configuration; constants that lie in files are part of it.</summary>
    public PyveneExperiment Experiment { get; }

    /// <summary>Gets the tensors of every intervention that has any, by its key and pyvene's name of the tensor, on the CPU; they stay this object's.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, Tensor>> States { get; }

    /// <summary>Gets the weights of the model that were trained too, by name; <see langword="null"/> when none were saved.</summary>
    public IReadOnlyDictionary<string, Tensor>? ModelState { get; }

    /// <summary>Opens a folder and reads it whole.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="CheckpointException">A file is missing, malformed or truncated.</exception>
    /// <exception cref="InterventionException">The configuration has an unknown class, or a field of the wrong kind; the message names the path to
    /// it.</exception>
    public static PyveneFolder Open(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var stored = PyveneSavedConfig.Read(ConfigurationText.Parse(ReadConfig(Path.Combine(folder, ConfigFile))));
        var states = new Dictionary<string, IReadOnlyDictionary<string, Tensor>>(StringComparer.Ordinal);
        IReadOnlyDictionary<string, Tensor>? model = null;
        try
        {
            foreach (var (key, file, isNeeded) in stored.Files)
            {
                var path = Path.Combine(folder, file);
                if (isNeeded || File.Exists(path))
                {
                    states.Add(key, ReadState(path));
                }
            }

            var modelPath = Path.Combine(folder, ModelFile);
            model = File.Exists(modelPath) ? ReadState(modelPath) : null;
            return new PyveneFolder(stored.WithConstants(key => states.GetValueOrDefault(key)?.GetValueOrDefault(Constant)), states, model);
        }
        catch
        {
            Dispose(states, model);
            throw;
        }
    }

    /// <summary>Returns the experiment in the library's form, with the weights that were saved.</summary>
    /// <param name="model">The model that it is for.</param>
    /// <param name="call">The arguments of the call.</param>
    /// <param name="batch">The number of examples of the base, from 1.</param>
    /// <returns>The experiment; the modules of its interventions with weights are the caller's.</returns>
    /// <exception cref="InterventionException">
    /// The call or the weights do not fit the configuration, or either the model; the message names the field.
    /// </exception>
    public InterventionConfig ToConfig(PretrainedModel model, PyveneCall call, int batch) => Experiment.ToConfig(model, call, batch, States);

    /// <summary>Writes the saved weights of the model, if there are any, into a model: all or none.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="InterventionException">The model lacks a weight, or has one of another shape; nothing was written.</exception>
    public void LoadModelState(PretrainedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var quiet = no_grad();
        var parameters = model.named_parameters().ToDictionary(item => item.name, item => item.parameter, StringComparer.Ordinal);
        var saved = ModelState ?? new Dictionary<string, Tensor>();
        foreach (var (name, value) in saved)
        {
            if (!parameters.TryGetValue(name, out var parameter) || !parameter.shape.SequenceEqual(value.shape))
            {
                throw new InterventionException("model", $"'{ModelFile}' has '{name}' of shape [{string.Join(", ", value.shape)}], but {model.GetName()} has "
                    + $"{(parameter is null ? "no such weight" : $"it of shape [{string.Join(", ", parameter.shape)}]")}.");
            }
        }

        foreach (var (name, value) in saved)
        {
            parameters[name].copy_(value);
        }
    }

    /// <summary>Writes the folder so that pyvene's <c>load()</c> reads it; it appears whole or not at all.</summary>
    /// <param name="folder">The folder; it must not exist, or be empty.</param>
    /// <exception cref="IOException">The folder has files, or cannot be written.</exception>
    public void Save(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        WholeFolder.Write(folder, temporary =>
        {
            File.WriteAllText(Path.Combine(temporary, ConfigFile), PyveneSavedConfig.Write(Experiment));
            foreach (var (key, state) in States)
            {
                StateDictionaryFile.Write(Path.Combine(temporary, PyveneSavedConfig.FileOf(key)), state.Select(item => (item.Key, item.Value)));
            }

            if (ModelState is { } model)
            {
                StateDictionaryFile.Write(Path.Combine(temporary, ModelFile), model.Select(item => (item.Key, item.Value)));
            }
        });
    }

    /// <inheritdoc/>
    public void Dispose() => Dispose(States, ModelState);

    private static void Dispose(IReadOnlyDictionary<string, IReadOnlyDictionary<string, Tensor>> states, IReadOnlyDictionary<string, Tensor>? model)
    {
        foreach (var tensor in states.Values.SelectMany(state => state.Values).Concat(model?.Values ?? []))
        {
            tensor.Dispose();
        }
    }

    private static string ReadConfig(string path) => RegularFile.ReadAllText(
        path, InterventionConfig.LargestFile, (reason, cause) => new CheckpointException(path, $"The configuration cannot be read: {reason}", cause));

    /// <summary>Reads a file; its tensors are this object's, whatever scope is open.</summary>
    private static Dictionary<string, Tensor> ReadState(string path) =>
        StateDictionaryFile.Read(path).ToDictionary(item => item.Key, item => item.Value.DetachFromDisposeScope(), StringComparer.Ordinal);
}
