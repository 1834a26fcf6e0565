using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Running;

/// <summary>Models without a type parameter run configurations, with the numbers of the typed experiments that they were made from.</summary>
public sealed class UntypedModelTests
{
    private const string Spain = "The capital of Spain is";
    private const string Italy = "The capital of Italy is";
    private const string Peru = "The capital of Peru is";

    private static readonly GenerationOptions Three = new() { MaxNewTokens = 3 };
    private static readonly Experiment<Gpt2, OneSource> Swap =
        Gpt2.Experiment.Interchange(Gpt2.Layer(3).BlockOutput.At(3)).Collect(Gpt2.Layer(4).MlpOutput.At(^1), out MlpOutput);

    private static readonly Collected<Gpt2> MlpOutput;

    private static LanguageModel Untyped => Primer.Model;

    [Fact]
    public void RunsHaveTheNumbersOfTheTypedRun()
    {
        using var typed = Primer.Model.Run(Swap, Spain, Italy);
        using var run = Untyped.Run(Swap.ToConfig(), Spain, [Italy]);
        Assert.Equal(0, Primer.Difference(typed.Logits, run.Logits));
        Assert.Equal(0, Primer.Difference(typed.CleanLogits!, run.CleanLogits!));
        Assert.Equal(0, Primer.Difference(typed[MlpOutput], run["collect_0"]));
        Assert.Equal(typed.TopTokens().ToString(), run.TopTokens().ToString());
        Assert.Equal(typed.Measure(Metric.Probability(" Rome")).ToString(), run.Measure(Metric.Probability(" Rome")).ToString());
    }

    [Fact]
    public void GradientsAreFoundByName()
    {
        var options = new RunOptions { Gradients = true };
        using var typed = Primer.Model.Run(Swap, Spain, Italy, options);
        using var run = Untyped.Run(Swap.ToConfig(), Spain, [Italy], options);
        using var expected = typed.Gradient(typed.Logits.sum(), MlpOutput);
        using var gradient = run.Gradient(run.Logits.sum(), "collect_0");
        Assert.Equal(0, Primer.Difference(expected, gradient));
    }

    [Fact]
    public void PlansRunGenerateAndStreamManyTimes()
    {
        var experiment = Gpt2.Experiment.Interchange(Gpt2.Layer(3).BlockOutput.At(3).During(Steps.Prompt));
        using var plan = Untyped.Bind(experiment.ToConfig());
        foreach (var source in new[] { Italy, Peru })
        {
            using var typed = Primer.Model.Generate(experiment, Spain, source, Three);
            using var text = plan.Generate(Spain, [source], Three);
            using var run = plan.Run(Spain, [source]);
            Assert.Equal(typed.TokenIds[0][0], (int)run.LogitsAt(0, ^1).argmax().item<long>());
            Assert.Equal(typed.Texts.AsEnumerable(), text.Texts);
            Assert.Equal(typed.Texts[0], string.Concat(plan.StreamAsync(Spain, [source], Three).ToBlockingEnumerable()));
        }
    }

    [Fact]
    public void PlainTextNeedsNoConfiguration()
    {
        using var text = Untyped.Generate(Spain, Three);
        Assert.Equal(text.Texts[0], string.Concat(Untyped.StreamAsync(Spain, Three).ToBlockingEnumerable()));
        using var same = Untyped.Generate(new InterventionConfig(), Spain, generation: Three);
        Assert.Equal(text.Texts.AsEnumerable(), same.Texts);
        Assert.Equal(text.Texts[0], string.Concat(Untyped.StreamAsync(new InterventionConfig(), Spain, generation: Three).ToBlockingEnumerable()));
    }

    [Fact]
    public void SweepOfConfigurationsHasTheNumbersOfTheTypedSweep()
    {
        var rome = Metric.Probability(" Rome");
        var typed = Primer.Model.Sweep(Gpt2.AllLayers, layer => Gpt2.Experiment.Interchange(layer.BlockOutput.At(3)), Spain, Italy, rome);
        InterventionConfig[] cells = [.. Enumerable.Range(0, Primer.Model.LayerCount)
            .Select(layer => Gpt2.Experiment.Interchange(Gpt2.Layer(layer).BlockOutput.At(3)).ToConfig())];
        var table = Untyped.Sweep(cells, Spain, [Italy], rome);
        Assert.Equal(typed.Clean, table.Clean);
        Assert.All(Enumerable.Range(0, cells.Length), layer => Assert.Equal(typed[Gpt2.Layer(layer)], table[cells[layer]]));
    }

    [Fact]
    public void ModelOfWhateverArchitectureIsLoadedFromItsFolder()
    {
        using var model = LanguageModel.Load(Primer.Folder);
        Assert.Equal("gpt2", model.Architecture!.Key);
        Assert.Equal((Primer.Model.LayerCount, Primer.Model.HeadCount), (model.LayerCount, model.HeadCount));
        using var run = model.Run(Swap.ToConfig(), Spain, [Italy]);
        using var typed = Primer.Model.Run(Swap, Spain, Italy);
        Assert.Equal(0, Primer.Difference(typed.Logits, run.Logits));
    }

    [Fact]
    public void SourcesThatAreMissingAreNamed()
    {
        var error = Assert.Throws<InterventionException>(() => Untyped.Run(Swap.ToConfig(), Spain));
        Assert.Contains("takes 1 sources, but 0 were given", error.Message, StringComparison.Ordinal);
        using var run = Untyped.Run(Swap.ToConfig(), Spain, [Italy]);
        Assert.Contains("'nothing'", Assert.Throws<InterventionException>(() => run["nothing"]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ConfigurationOfAnotherArchitectureIsRefused() => Assert.Contains(
        "is for 'llama'",
        Assert.Throws<InterventionException>(() => Untyped.Bind(Llama.Experiment.Zero(Llama.Layer(0).MlpOutput).ToConfig())).Message,
        StringComparison.Ordinal);
}
