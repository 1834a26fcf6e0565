using System.Diagnostics;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tests.Training;

/// <summary>A training that is killed (kill −9) at any moment loses nothing that its checkpoint says.</summary>
public sealed class KilledTrainingTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("killed").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void TrainingThatWasKilledAgainAndAgainEndsWithTheBitsAndTheLogOfOneThatWasNot()
    {
        var checkpoint = Path.Combine(folder, "training.safetensors");
        var (log, random) = (checkpoint + ".log.jsonl", new Random(5));
        var killed = 0;
        for (var kill = 0; kill < 3; kill++)
        {
            var until = (kill * KilledTraining.Steps / 4) + random.Next(1, KilledTraining.Steps / 4);
            using var child = Process.Start(
                new ProcessStartInfo("dotnet", [typeof(KilledTraining).Assembly.Location, "train", checkpoint]) { RedirectStandardOutput = true })!;
            while (!child.HasExited && (!File.Exists(log) || File.ReadLines(log).Count() < until)) Thread.Sleep(1);
            Thread.SpinWait(random.Next(100_000));
            child.Kill();
            child.WaitForExit();
            killed += child.StandardOutput.ReadToEnd().Length == 0 ? 1 : 0; // it did not come to its end
        }

        Assert.InRange(killed, 1, 3);
        // What a kill between the log and the checkpoint, or within a write, leaves.
        File.AppendAllText(log, "{\"step\":99");
        File.WriteAllText($"{checkpoint}.{Guid.NewGuid():N}.tmp", "torn");
        File.WriteAllText($"{checkpoint}.notes.tmp", "not the library's");

        var (bits, result) = KilledTraining.Run(checkpoint);
        var (expected, whole) = KilledTraining.Run(null);
        Assert.Equal(expected, bits);
        Assert.Equal(KilledTraining.Steps, result.Steps.Count);
        Assert.Equal(whole.Steps.Select(step => (step.Step, step.Loss, step.Accuracy)), result.Steps.Select(step => (step.Step, step.Loss, step.Accuracy)));
        Assert.Equal(
            whole.Steps.SelectMany(step => step.LearningRates.OrderBy(rate => rate.Key)),
            result.Steps.SelectMany(step => step.LearningRates.OrderBy(rate => rate.Key)));
        Assert.Equal(whole.Steps.Select(step => step.Evaluation?.Loss), result.Steps.Select(step => step.Evaluation?.Loss));
        Assert.Equal(KilledTraining.Steps, File.ReadLines(log).Count());
        Assert.Equal(
            ["training.safetensors", "training.safetensors.log.jsonl", "training.safetensors.notes.tmp"],
            Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void LogThatIsNotTheCheckpointsIsRefused()
    {
        var checkpoint = Path.Combine(folder, "training.safetensors");
        var log = checkpoint + ".log.jsonl";
        KilledTraining.Run(checkpoint);
        var lines = File.ReadAllText(log);
        File.WriteAllText(log, lines.Replace("\"step\":7,", "\"step\":8,", StringComparison.Ordinal));
        Refused("It has other lines");
        File.WriteAllText(log, lines[..^9]);
        Refused("but the checkpoint knows of");
        File.Delete(log);
        Refused("does not belong to the checkpoint");
        File.WriteAllText(log, lines);
        Assert.Equal(KilledTraining.Steps, KilledTraining.Run(checkpoint).Result.Steps.Count);

        void Refused(string words) =>
            Assert.Contains(words, Assert.Throws<CheckpointException>(() => KilledTraining.Run(checkpoint)).Message, StringComparison.Ordinal);
    }
}
