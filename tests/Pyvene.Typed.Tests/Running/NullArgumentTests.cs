using Pyvene.Typed.Analysis;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Generation.Processors;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tests.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Running;

public sealed class NullArgumentTests
{
    public static TheoryData<string, Action> Calls { get; } = new()
    {
        { "plan", () => ((ModulePlan<ToyNet, NoSource>)null!).Run(ones(1)).Dispose() },
        { "plan", () => ((ModulePlan<ToyNet, OneSource>)null!).Run(ones(1), ones(1)).Dispose() },
        { "plan", () => ((ModulePlan<ToyNet, ManySources>)null!).Run(ones(1), []).Dispose() },
        { "plan", () => ((LanguagePlan<Gpt2, NoSource>)null!).Run("a").Dispose() },
        { "plan", () => ((LanguagePlan<Gpt2, TwoSources>)null!).Run("a", "b", "c").Dispose() },
        { "experiment", () => _ = ((Experiment<Gpt2, NoSource>)null!).Interchange(Gpt2.Layer(0).MlpOutput) },
        { "experiment", () => _ = ((Experiment<Gpt2, OneSource>)null!).Add(Gpt2.Layer(0).MlpOutput) },
        { "handle", () => _ = Gpt2.Experiment.NameOf(null!) },
        { "handle", () => _ = Gpt2.Experiment.With(null!, new ConstantSource([1], [1f])) },
        { "values", () => _ = Gpt2.Experiment.With(null!) },
        { "values", () => new InterventionConfig().WithConstants((IReadOnlyList<ConstantSource?>)null!) },
        { "values", () => new InterventionConfig().WithConstants((IReadOnlyDictionary<string, ConstantSource>)null!) },
        { "value", () => new InterventionConfig().WithConstants((ConstantSource)null!) },
        { "value", () => new InterventionConfig().WithConstants((Func<InterventionSpec, ConstantSource?>)null!) },
        { "function", () => Metric.Of("mine", (Func<Tensor, Tensor>)null!) },
        { "function", () => Metric.Of("mine", (Func<Tensor, Tensor, Tensor>)null!) },
        { "name", () => Metric.Of(null!, logits => logits) },
        { "columns", () => LogitsSelection.At(null!) },
        { "hidden", () => LogitsSelection.All.Select(null!) },
        { "decay", () => _ = new ExponentialDecayLengthPenaltyProcessor(null!, [1], 1) },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public void WhatMustBeThereIsAskedForByName(string name, Action call) => Assert.Equal(name, Assert.Throws<ArgumentNullException>(call).ParamName);

    [Fact]
    public void PassOfNothingOrOfAnotherKindOfModelIsRefused()
    {
        using var model = (BlockwiseModel)TinyGpt2.Create();
        using var other = (BlockwiseModel)ModelLoader.Create(
            ModelConfig.Parse("""{"model_type": "mlp", "h_dim": 8, "n_layer": 1, "num_classes": 2}""", "a test"), "MLPForClassification", 1);
        using var scope = NewDisposeScope();
        var pass = other.Begin(new ModelInputs { InputsEmbeds = zeros(1, 1, 8) });

        Assert.Throws<ArgumentNullException>(() => model.RunBlock(null!, 0));
        Assert.Throws<ArgumentNullException>(() => model.Finish(null!));
        Assert.Contains("another kind of model began", Assert.Throws<ArgumentException>(() => model.RunBlock(pass, 0)).Message, StringComparison.Ordinal);
        Assert.Contains("another kind of model began", Assert.Throws<ArgumentException>(() => model.Finish(pass)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MeasurementWithoutValuesIsRefused() =>
        Assert.Contains("was given none", Assert.Throws<ArgumentException>(() => new Measurement("mine", default, null)).Message, StringComparison.Ordinal);

    [Fact]
    public void MessageThatQuotesALongTextShowsItsTwoEnds()
    {
        var error = Assert.Throws<Errors.InterventionException>(() =>
            Primer.Model.Run(Gpt2.Experiment.Zero(Gpt2.Layer(0).MlpOutput.At(new string('x', 100_000))), "The capital"));

        Assert.True(error.Message.Length < 10_000, $"{error.Message.Length}");
        Assert.Contains("characters left out", error.Message, StringComparison.Ordinal);
    }
}
