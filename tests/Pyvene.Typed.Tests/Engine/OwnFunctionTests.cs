using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Interventions;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Engine;

/// <summary>What functions and intervention types of a program do to what they are given, and what they return.</summary>
public sealed class OwnFunctionTests
{
    private const string Spain = "The capital of Spain is";
    private const string Italy = "The capital of Italy is";

    private static readonly PositionComponent<Gpt2> Place = Gpt2.Layer(3).MlpOutput;

    private static readonly RunOptions Report = new() { WithClean = true, Effects = EffectCheck.Report };

    public static TheoryData<string, Func<Tensor, Tensor>> Writers => new()
    {
        { "in place", values => values.mul_(0.5f) },
        { "in place, another returned", values => { values.zero_(); return ones_like(values); } },
        { "an element", values => { values[TensorIndex.Ellipsis, 0] = 100f; return values; } },
        { "the shape", values => values.unsqueeze_(0).squeeze(0) },
    };

    [Theory]
    [MemberData(nameof(Writers))]
    [Trait("Failure", "SF24 at run time: an edit in place does nothing to the run")]
    public void FunctionThatWritesIntoItsValuesIsRefusedEverywhere(string kind, Func<Tensor, Tensor> function)
    {
        Assert.NotEmpty(kind);
        var experiment = Gpt2.Experiment.Collect(Place, out _).Apply(Place, function);
        Refused("wrote into the values it was given", () => Primer.Model.Run(experiment, Spain).Dispose());
        Refused("wrote into the values it was given", () => Primer.Model.Run(experiment, Spain, Report).Dispose());
        Refused(
            "wrote into the values it was given", () => Primer.Model.Run(experiment, Spain, new RunOptions { Gradients = true, SharesWork = false }).Dispose());
        Refused("wrote into the values it was given", () =>
            Primer.Model.Generate(Gpt2.Experiment.Apply(Place.During(Steps.Each), function), Spain, new GenerationOptions { MaxNewTokens = 2 }));
        Refused("wrote into the values it was given", () =>
            _ = Primer.Model.Sweep(Axis.Of(1, 2), layer => Gpt2.Experiment.Apply(Gpt2.Layer(layer).MlpOutput, function), Spain, Metric.Logit(" Rome")));
    }

    [Fact]
    public void FunctionThatWritesIntoItsSourceIsRefused() =>
        Refused("wrote into the source's values it was given", () =>
            Primer.Model.Run(Gpt2.Experiment.WithSources(1).Apply(Place, (values, source) => source.add_(values)), Spain, [Italy]).Dispose());

    [Fact]
    public void TypeOfAProgramThatWritesIntoItsValuesIsRefused() =>
        Refused("wrote into the values", () => Primer.Model.Run(Gpt2.Experiment.Apply(Place, new Halving()), Spain).Dispose());

    [Fact]
    public void FunctionThatWorksOnACopyGivesTheRightNumbers()
    {
        using var run = Primer.Model.Run(Gpt2.Experiment.Apply(Place, values => values.clone().mul_(0.5f)), Spain);
        using var expected = Primer.Model.Run(Gpt2.Experiment.Apply(Place, values => values * 0.5f), Spain);
        using var clean = Primer.Model.Run(Gpt2.Experiment, Spain);
        Assert.Equal(0, Primer.Difference(expected.Logits, run.Logits));
        Assert.InRange(Primer.Difference(clean.Logits, run.CleanLogits!), 0, 1e-4);
        Assert.True(run.Receipts[0].ChangedElements > 0);
    }

    public static TheoryData<string, Func<Tensor, Tensor>> WrongResults => new()
    {
        { "returned null", _ => null! },
        { "disposed", values => { var result = values * 2; result.Dispose(); return result; } },
        { "dtype Bool", values => values > 0 },
        { "dtype Int64", values => values.to(int64) },
        { "dtype ComplexFloat32", values => values.to(complex64) },
        { "of shape [0]", _ => empty(0) },
        { "of shape [128]", values => values[0, 0] },
        { "on meta", values => values.to(META) },
    };

    [Theory]
    [MemberData(nameof(WrongResults))]
    public void ResultThatIsNoNewValueOfThePlaceIsRefusedByName(string message, Func<Tensor, Tensor> function)
    {
        Refused(message, () => Primer.Model.Run(Gpt2.Experiment.Apply(Place, function), Spain, Report).Dispose());
        Refused("intervention 0 (custom at mlp_output of layer 3)", () => Primer.Model.Run(Gpt2.Experiment.Apply(Place, function), Spain, Report).Dispose());
        using var clean = Primer.Model.Run(Gpt2.Experiment, Spain);
        Assert.True(clean.Logits.isfinite().all().item<bool>());
    }

    [Fact]
    public void ResultOfAnotherFloatingTypeIsTaken()
    {
        using var run = Primer.Model.Run(Gpt2.Experiment.Apply(Place, values => values.to(float64) * 0.5), Spain);
        using var expected = Primer.Model.Run(Gpt2.Experiment.Apply(Place, values => values * 0.5f), Spain);
        Assert.InRange(Primer.Difference(expected.Logits, run.Logits), 0, 1e-4);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void FunctionThatMakesNumbersNotFiniteThrowsOrIsReported(float value)
    {
        var experiment = Gpt2.Experiment.Apply(Place.At(^1), values => values * value);
        Refused("made 128 of 128 elements NaN or infinite", () => Primer.Model.Run(experiment, Spain).Dispose());
        using var run = Primer.Model.Run(experiment, Spain, Report);
        Assert.Equal(128, run.Receipts[0].NotFiniteElements);
        Assert.Contains("made 128 of them NaN or infinite", run.Receipts[0].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN, "element 1 of the constant is NaN")]
    [InlineData(float.NegativeInfinity, "element 1 of the constant is infinite")]
    public void ConstantThatIsNotFiniteIsRefusedByName(float value, string message)
    {
        using var direction = zeros(128);
        direction[1] = value;
        Refused(message, () => Primer.Model.Run(Gpt2.Experiment.Add(Place.At(^1), direction), Spain).Dispose());
    }

    [Fact]
    public void FunctionThatCallsTheModelInsideItsRunIsRefused()
    {
        using var inputs = Primer.Inputs(1, 5, 1).InputIds!;
        Tensor Call(Tensor values) => Primer.Module.call(new Pyvene.Typed.Models.ModelInputs { InputIds = inputs }).Logits![0, 0, 0] + values;
        Refused("would come back to itself", () => Primer.Model.Run(Gpt2.Experiment.Apply(Place, Call), Spain).Dispose());
        Refused("would come back to itself", () =>
            Primer.Model.Generate(Gpt2.Experiment.Apply(Place.During(Steps.Each), Call), Spain, new GenerationOptions { MaxNewTokens = 2 }));
    }

    [Fact]
    public void FunctionThatWaitsForATaskOnItsModelIsRefusedInsteadOfWaiting()
    {
        var experiment = Gpt2.Experiment.Apply(Place, values => Task.Run(() =>
        {
            using var other = Primer.Model.Run(Gpt2.Experiment.Collect(Place, out var handle), Italy);
            return other[handle].clone();
        }).GetAwaiter().GetResult());
        Refused("run of this model", () => Primer.Model.Run(experiment, Spain).Dispose());
        using var clean = Primer.Model.Run(Gpt2.Experiment, Spain);
    }

    public static TheoryData<string, Func<Tensor, Tensor>> WrongMetrics => new()
    {
        { "Float32 of shape []", logits => logits.sum() },
        { "Float32 of shape [2, 1]", logits => logits.sum(-1, keepdim: true) },
        { "Int64 of shape [2]", logits => logits.argmax(-1) },
        { "Bool of shape [2]", logits => logits.argmax(-1) > 3 },
        { "returned null", _ => null! },
    };

    [Theory]
    [MemberData(nameof(WrongMetrics))]
    public void MetricThatGivesNoNumberAnExampleIsRefusedByName(string message, Func<Tensor, Tensor> function)
    {
        var metric = Metric.Of("mine", function);
        using var run = Primer.Model.Run(Gpt2.Experiment.Zero(Place), Prompt.Of(Spain, Italy));
        Refused(message, () => run.Measure(metric));
        Refused(
            "'mine'", () => _ = Primer.Model.Sweep(Axis.Of(1, 2), layer => Gpt2.Experiment.Zero(Gpt2.Layer(layer).MlpOutput), Prompt.Of(Spain, Italy), metric));
    }

    [Fact]
    public void MetricThatWritesIntoItsLogitsChangesNothingElse()
    {
        using var run = Primer.Model.Run(Gpt2.Experiment.Zero(Place), Prompt.Of(Spain, Italy));
        var expected = run.Measure(Metric.Of("sum", logits => logits.sum(-1)));
        run.Measure(Metric.Of("mine", (logits, clean) => clean.zero_().sum(-1) + logits.zero_().sum(-1)));
        Assert.Equal(expected.Mean, run.Measure(Metric.Of("sum", logits => logits.sum(-1))).Mean);
    }

    public static TheoryData<string, Func<Tensor, Tensor>> WrongScores => new()
    {
        { "returned null", _ => null! },
        { "Bool of shape", scores => scores > 0 },
        { "Float32 of shape [1]", scores => scores.sum(-1) },
        { "one is NaN", scores => scores * float.NaN },
        { "a tensor on meta", scores => scores.to(META) },
        { "disposed", scores => { var result = scores * 2; result.Dispose(); return result; } },
    };

    [Theory]
    [MemberData(nameof(WrongScores))]
    public void LogitsProcessorThatReturnsNoScoresIsRefusedByName(string message, Func<Tensor, Tensor> function)
    {
        Refused(message, () => Primer.Model.Generate(Spain, new GenerationOptions { MaxNewTokens = 2, Processors = [new Own(function)] }));
        Refused("logits processor Own", () => Primer.Model.Generate(Spain, new GenerationOptions { MaxNewTokens = 2, Processors = [new Own(function)] }));
    }

    private static void Refused(string message, Action run) =>
        Assert.Contains(message, Assert.Throws<InterventionException>(run).Message, StringComparison.Ordinal);

    private sealed record Halving : SourcelessIntervention
    {
        public override string Type => "halving";

        public override Tensor Apply(Tensor @base, Tensor? source, Tensor? features) => @base.mul_(0.5f);
    }

    private sealed class Own(Func<Tensor, Tensor> function) : LogitsProcessor
    {
        protected override Tensor Process(Tensor tokens, Tensor scores) => function(scores);
    }
}
