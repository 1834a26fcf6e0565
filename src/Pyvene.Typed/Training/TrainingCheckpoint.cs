using System.Globalization;
using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

/// <summary>
/// Keeps a training in one safetensors file that is there as a whole or not at all: what learns, what its optimiser remembers, and how far it came. Beside it
/// grows the log, of which the file says how much it knows.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="fingerprint">What the training is, so that none goes on from the file of another.</param>
internal sealed class TrainingCheckpoint(string path, string fingerprint) : IDisposable
{
    private const string AnyFormat = "pyvene-typed-training-", Format = AnyFormat + "2";

    private TrainingLog? log;

    /// <summary>Goes on from the file where there is one, and opens the log.</summary>
    /// <exception cref="CheckpointException">It is malformed, or that of another training; nothing was changed.</exception>
    /// <exception cref="IOException">The log cannot be written.</exception>
    public void Begin(Learners learners, TrainingProgress progress)
    {
        WholeFile.DeleteTorn(path);
        log = Read(learners, progress);
    }

    /// <summary>Writes a step to the log.</summary>
    public void Note(TrainingStep step) => log!.Append(step);

    /// <inheritdoc/>
    public void Dispose() => log?.Dispose();

    /// <summary>Writes the file.</summary>
    /// <exception cref="InterventionException">A parameter is no longer a number; the file is what it was.</exception>
    public void Write(Learners learners, TrainingProgress progress)
    {
        learners.RequireFinite(progress.Step);
        var (length, hash) = log!.Flush(); // first, so that the file never knows of a line that is not there
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var tensors = new List<(string, Tensor)>();
        foreach (var (index, module) in learners.Modules)
        {
            foreach (var (name, value) in module.CopyState())
            {
                tensors.Add(($"state.{index}.{name}", value)); // copies of this scope
            }
        }

        tensors.AddRange(ModelParameters(learners).Select(own => ($"weight.{own.Name}", own.Parameter.detach())));
        tensors.AddRange(learners.Parameters.SelectMany(own => own.Memory()));
        tensors.AddRange(progress.Best.Select(item => ($"best.{item.Key}", item.Value)));
        SafetensorsWriter.Write(path, tensors, new Dictionary<string, string>
        {
            ["format"] = Format,
            ["fingerprint"] = fingerprint,
            ["step"] = progress.Step.ToString(CultureInfo.InvariantCulture),
            ["update"] = progress.Update.ToString(CultureInfo.InvariantCulture),
            ["best"] = progress.BestAccuracy.ToString("R", CultureInfo.InvariantCulture),
            ["without_better"] = progress.WithoutBetter.ToString(CultureInfo.InvariantCulture),
            ["log_bytes"] = length.ToString(CultureInfo.InvariantCulture),
            ["log_hash"] = hash,
        });
    }

    private TrainingLog Read(Learners learners, TrainingProgress progress)
    {
        if (!File.Exists(path)) return new TrainingLog(path, 0, "", progress.Log);
        using var file = SafetensorsFile.Open(path);
        var facts = file.Metadata;
        if (facts.GetValueOrDefault("format") != Format)
        {
            throw new CheckpointException(path, (facts.GetValueOrDefault("format") ?? "").StartsWith(AnyFormat, StringComparison.Ordinal)
                ? "The training was kept by another version of the library. Go on with that one, or delete the file to begin anew."
                : "This is no file of a training. Choose another file for it, or delete this one.");
        }

        if (facts.GetValueOrDefault("fingerprint") != fingerprint)
        {
            throw new CheckpointException(path, "The file keeps another training: its experiment, model, examples or settings differ from these. "
                + "Choose another file, or delete this one to begin anew.");
        }

        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var states = learners.Modules.Select(item =>
            (item.Module, State: file.Names.Where(name => name.StartsWith($"state.{item.Index}.", StringComparison.Ordinal))
                .ToDictionary(name => name[$"state.{item.Index}.".Length..], file.Read, StringComparer.Ordinal))).ToArray();
        var weights = ModelParameters(learners).Select(own => (own.Parameter, Value: Required($"weight.{own.Name}"))).ToArray();
        TrainingLog kept;
        try
        {
            progress.Step = long.Parse(facts["step"], CultureInfo.InvariantCulture);
            progress.Update = long.Parse(facts["update"], CultureInfo.InvariantCulture);
            progress.BestAccuracy = double.Parse(facts["best"], CultureInfo.InvariantCulture);
            progress.WithoutBetter = int.Parse(facts["without_better"], CultureInfo.InvariantCulture);
            kept = new TrainingLog(path, long.Parse(facts["log_bytes"], CultureInfo.InvariantCulture), facts["log_hash"], progress.Log);
        }
        catch (Exception error) when (error is FormatException or KeyNotFoundException or OverflowException)
        {
            throw new CheckpointException(path, $"The file of the training is damaged: {error.Message} Delete it to begin anew.", error);
        }

        foreach (var (module, state) in states)
        {
            module.LoadState(state);
        }

        foreach (var (parameter, value) in weights)
        {
            parameter.copy_(value);
        }

        foreach (var own in learners.Parameters)
        {
            own.Remember(name => file.Contains(name) ? file.Read(name) : null);
        }

        foreach (var name in file.Names.Where(name => name.StartsWith("best.", StringComparison.Ordinal)))
        {
            progress.Best[name["best.".Length..]] = file.Read(name).DetachFromDisposeScope();
        }

        return kept;

        Tensor Required(string name) =>
            file.Contains(name) ? file.Read(name) : throw new CheckpointException(path, $"The file of the training lacks '{name}'.");
    }

    private static IEnumerable<LearningParameter> ModelParameters(Learners learners) =>
        learners.Parameters.Where(own => own.Name.StartsWith("model.", StringComparison.Ordinal));
}
