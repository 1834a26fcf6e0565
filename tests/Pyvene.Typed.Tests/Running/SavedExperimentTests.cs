using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions.Trainable;

namespace Pyvene.Typed.Tests.Running;

/// <summary>What is saved comes back typed: with prompts, handles, metrics and sweeps.</summary>
public sealed class SavedExperimentTests : IDisposable
{
    private const string Spain = "The capital of Spain is";
    private const string Italy = "The capital of Italy is";

    private readonly string folder = Directory.CreateTempSubdirectory("saved").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void ConfigurationComesBackWithItsHandlesAndItsNumbers()
    {
        var experiment = Gpt2.Experiment.Interchange(Gpt2.Layer(3).BlockOutput.At(3)).Collect(Gpt2.Layer(4).MlpOutput.At(^1), out var handle);
        var path = Path.Combine(folder, "swap.json");
        experiment.ToConfig().Save(path);
        using var expected = Primer.Model.Run(experiment, Spain, Italy);

        var loaded = Gpt2.Experiment.Load<OneSource>(path);
        using var run = Primer.Model.Run(loaded, Spain, Italy);
        Assert.Equal(0, Primer.Difference(expected.Logits, run.Logits));
        Assert.Equal(0, Primer.Difference(expected[handle], run[loaded.HandleOf("collect_0")]));
        Assert.Equal(expected.TopTokens().ToString(), run.TopTokens().ToString());

        var any = Gpt2.Experiment.Load(path);
        using var listed = Primer.Model.Run(any, Spain, [Italy]);
        Assert.Equal(0, Primer.Difference(expected.Logits, listed.Logits));
        Assert.Equal(experiment.ToConfig(), any.ToConfig());
    }

    [Fact]
    public void LoadedExperimentGoesOnWithFurtherSteps()
    {
        var path = Path.Combine(folder, "collect.json");
        Gpt2.Experiment.Collect(Gpt2.Layer(2).BlockOutput, out _).ToConfig().Save(path);
        var longer = Gpt2.Experiment.Load<NoSource>(path).Zero(Gpt2.Layer(3).MlpOutput).Collect(Gpt2.Layer(5).BlockOutput, out var last);
        Assert.NotEqual(last.Name, longer.HandleOf("collect_0").Name);
        using var run = Primer.Model.Run(longer, Spain);
        Assert.Equal(run[last].shape, run[longer.HandleOf("collect_0")].shape);
    }

    [Fact]
    public void FolderComesBackWithWhatItLearned()
    {
        using var space = new LowRankRotatedSpace(128, 2);
        var experiment = Gpt2.Experiment.Apply(Gpt2.Layer(2).BlockOutput.At(^1), space);
        var place = Path.Combine(folder, "learned");
        ExperimentFolder.Save(experiment.ToConfig(), place);
        using var expected = Primer.Model.Run(experiment, Spain, Italy);
        using var run = Primer.Model.Run(Gpt2.Experiment.Load<OneSource>(place), Spain, Italy);
        Assert.Equal(0, Primer.Difference(expected.Logits, run.Logits));
    }

    [Fact]
    public void WhatDoesNotFitIsNamedWithItsFile()
    {
        var path = Path.Combine(folder, "llama.json");
        Llama.Experiment.Zero(Llama.Layer(0).MlpOutput).ToConfig().Save(path);
        Refused("is on 'llama', and this is 'gpt2'", () => Gpt2.Experiment.Load(path));
        Refused("reads 0 sources, not 2", () => Llama.Experiment.Load<TwoSources>(path));
        Refused("collects under the name 'other'", () => Llama.Experiment.Load(path).HandleOf("other"));
        Assert.Throws<InvalidOperationException>(() => Llama.Experiment.Zero(Llama.Layer(0).MlpOutput).Load(path));

        static void Refused(string words, Func<object> load) =>
            Assert.Contains(words, Assert.Throws<InterventionException>(load).Message, StringComparison.Ordinal);
    }
}
