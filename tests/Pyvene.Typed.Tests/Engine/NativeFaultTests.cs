using Pyvene.Typed.Analysis;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Tests.Running;
using Pyvene.Typed.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Engine;

/// <summary>What TorchSharp throws out of a program's own functions and modules is said with the place that it belongs to.</summary>
public sealed class NativeFaultTests
{
    private const string Spain = "The capital of Spain is";

    [Fact]
    public void FunctionThatUsesADisposedTensorIsNamed()
    {
        var vector = ones(128);
        vector.Dispose();
        Says(
            "The function of intervention 0 (custom at mlp_output of layer 1, position ^1) used a tensor that was disposed. Dispose it behind the last run "
                + "that uses it, or move it out of its dispose scope. It was given values of shape [1, 1, 128] and dtype Float32.",
            () => Primer.Model.Run(Gpt2.Experiment.Apply(Gpt2.Layer(1).MlpOutput.At(^1), values => values + vector), Spain).Dispose());
    }

    [Fact]
    public void FunctionThatFailsInLibtorchSaysWhatItWasGiven()
    {
        using var weight = ones(3);
        Says(
            "The function of intervention 0 (custom at mlp_output of layer 1, position ^1) failed in libtorch: The size of tensor a (128) must "
                + "match the size of tensor b (3) at non-singleton dimension 2. It was given values of shape [1, 1, 128] and dtype Float32.",
            () => Primer.Model.Run(Gpt2.Experiment.Apply(Gpt2.Layer(1).MlpOutput.At(^1), values => values + weight), Spain).Dispose());
    }

    [Fact]
    public void FunctionsOwnErrorComesOutAsItIs() => Assert.Throws<TimeoutException>(() => Primer.Model.Run(
        Gpt2.Experiment.Apply(Gpt2.Layer(1).MlpOutput.At(^1), (Func<Tensor, Tensor>)(_ => throw new TimeoutException())), Spain).Dispose());

    [Fact]
    public void ModuleThatFailsInLibtorchSaysWhatItWasGiven()
    {
        using var net = new ToyNet();
        using var plan = Experiment.On<ToyNet>().Zero(ToyNet.Components.Head.Output).Bind(net);
        using var input = ones(1, 2, 5);
        Says(
            "The forward pass of ToyNet failed in libtorch: mat1 and mat2 shapes cannot be multiplied (2x5 and 4x4). It was given [1, 2, 5] of Float32.",
            () => plan.Run(input).Dispose());
    }

    [Fact]
    public void LossThatFailsInLibtorchSaysWhatItWasGiven() => Says(
        "The function of TrainingOptions.Loss failed in libtorch: The size of tensor a (1692) must match the size of tensor b (3) at non-singleton "
            + "dimension 1. It was given scores [1, 1692] of Float32 and labels [1] of Int64.",
        () => Train((scores, _) => (scores - ones(3)).sum()));

    [Fact]
    public void LossThatUsesADisposedTensorSaysSo()
    {
        var weight = ones(1);
        weight.Dispose();
        Says(
            "The function of TrainingOptions.Loss used a tensor that was disposed. Dispose it behind the last run that uses it, or move it out of its "
                + "dispose scope. It was given scores [1, 1692] of Float32 and labels [1] of Int64.",
            () => Train((scores, _) => (scores * weight).sum()));
    }

    [Fact]
    public void MetricThatFailsInLibtorchSaysWhatItWasGiven()
    {
        using var run = Primer.Model.Run(Gpt2.Experiment.Zero(Gpt2.Layer(1).MlpOutput), Spain);
        Says(
            "The function of the metric 'odd' failed in libtorch: The size of tensor a (1692) must match the size of tensor b (3) at non-singleton "
                + "dimension 1. It was given logits [1, 1692] of Float32.",
            () => run.Measure(Metric.Of("odd", logits => logits - ones(3))));
    }

    [Fact]
    public void GradientOfADisposedScoreSaysThatItIsGone()
    {
        using var run = Primer.Model.Run(Gpt2.Experiment.Collect(Gpt2.Layer(1).MlpOutput, out var kept), Spain, new RunOptions { Gradients = true });
        Tensor score;
        using (NewDisposeScope())
        {
            score = run.Logits.sum();
        }

        Assert.StartsWith(
            "The score was disposed, by itself or at the end of its dispose scope.",
            Assert.Throws<ArgumentException>(() => run.Gradient(score, kept)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void DisposedTensorIsNoConstant()
    {
        var vector = ones(128);
        vector.Dispose();
        Assert.Equal(
            "The tensor was disposed. Give it while it lives; it is copied, so that it may be disposed behind that. (Parameter 'tensor')",
            Assert.Throws<ArgumentException>(() => Gpt2.Experiment.Add(Gpt2.Layer(1).MlpOutput, vector)).Message);
    }

    private static void Train(Func<Tensor, Tensor, Tensor> loss)
    {
        using var direction = new LowRankRotatedSpace(128, 1);
        using var plan = Primer.Model.Bind(Gpt2.Experiment.Apply(Gpt2.Layer(1).BlockOutput.At(^1), direction));
        plan.Train(
            CounterfactualSet.Of(new Counterfactual(Spain, "The capital of Italy is", " Rome")),
            new TrainingOptions { Epochs = 1, Loss = loss });
    }

    private static void Says(string message, Action run) => Assert.Equal(message, Assert.Throws<InterventionException>(run).Message);
}
