using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;

namespace Pyvene.Typed.Tests.Running;

/// <summary>Models that are disposed while something runs on them, or before it.</summary>
public sealed class DisposedModelTests
{
    private const string Spain = "The capital of Spain is";

    private static readonly GenerationOptions Long = new() { MaxNewTokens = 80, EosTokenIds = [] };

    [Fact]
    public async Task StreamThatIsLeftOpenEndsWithTheModelAndSaysSo()
    {
        var model = Gpt2.Load(Primer.Folder);
        var slow = Gpt2.Experiment.Apply(Gpt2.Layer(1).MlpOutput.During(Steps.Each), values =>
        {
            Thread.Sleep(50); // so that the stream is still open below, however fast the machine is
            return values * 2;
        });
        var pieces = model.StreamAsync(slow, Spain, Long).GetAsyncEnumerator();
        Assert.True(await pieces.MoveNextAsync());
        model.Dispose();
        var error = await Assert.ThrowsAsync<ObjectDisposedException>(async () =>
        {
            while (await pieces.MoveNextAsync())
            {
            }
        });
        Assert.Contains("The model was disposed while this stream was open", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ModelWaitsForTheRunThatIsGoingOn()
    {
        var model = Gpt2.Load(Primer.Folder);
        using var inside = new ManualResetEventSlim();
        var run = Task.Run(() =>
        {
            using var result = model.Run(Gpt2.Experiment.Apply(Gpt2.Layer(1).MlpOutput, values =>
            {
                inside.Set();
                Thread.Sleep(50);
                return values * 2;
            }), Spain);
            return result.Receipts[0].ChangedElements;
        });
        inside.Wait();
        model.Dispose();
        Assert.True(await run > 0);
    }

    [Fact]
    public void DisposedModelSaysSo()
    {
        var model = Gpt2.Load(Primer.Folder);
        var plan = model.Bind(Gpt2.Experiment.Zero(Gpt2.Layer(1).MlpOutput));
        Close(model);
        Close(model);
        foreach (var use in new Action[]
        {
            () => plan.Run(Spain).Dispose(),
            () => model.Run(Gpt2.Experiment, Spain).Dispose(),
            () => model.Bind(Gpt2.Experiment).Dispose(),
            () => model.Generate(Spain, Long),
        })
        {
            Assert.Contains("was disposed, so nothing can run on it", Assert.Throws<ObjectDisposedException>(use).Message, StringComparison.Ordinal);
        }

        plan.Dispose();
    }

    [Fact]
    public void DisposedRunSaysSo()
    {
        var run = Primer.Model.Run(Gpt2.Experiment.Collect(Gpt2.Layer(1).MlpOutput, out var values), Spain);
        Close(run);
        Close(run);
        foreach (var use in new Action[]
        {
            () => run.Logits.sum(),
            () => run.CleanLogits?.sum(),
            () => run[values].sum(),
            () => run.Mask.sum(),
            () => run.TopTokens(),
            () => _ = run.LogitsAt(0, ^1),
            () => run.Measure(Metric.Probability(" Rome")),
            () => run.SaveCollected("never.json"),
        })
        {
            Assert.StartsWith(
                "The run was disposed, and its tensors with it. Read it before its 'using' ends, or take copies of your own with clone().",
                Assert.Throws<ObjectDisposedException>(use).Message,
                StringComparison.Ordinal);
        }

        Assert.Single(run.Receipts); // plain data stays
    }

    [Fact]
    public void DisposedTextKeepsItsWordsAndSaysThatItsTensorsAreGone()
    {
        var text = Primer.Model.Generate(
            Gpt2.Experiment.Collect(Gpt2.Layer(1).MlpOutput.During(Steps.Each), out var values), Spain, new() { MaxNewTokens = 2 });
        Assert.NotEmpty(text[values]);
        Close(text);
        Assert.StartsWith(
            "The generated text was disposed, and what was collected with it.",
            Assert.Throws<ObjectDisposedException>(() => text[values]).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(Spain, text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ModelWhoseModuleWasDisposedSaysSo()
    {
        using var model = Gpt2.Load(Primer.Folder);
        using var plan = model.Bind(Gpt2.Experiment.Zero(Gpt2.Layer(1).MlpOutput));
        Close(model.Module);
        foreach (var use in new Action[]
        {
            () => plan.Run(Spain).Dispose(),
            () => model.Bind(Gpt2.Experiment).Dispose(),
            () => model.Generate(Spain, Long).Dispose(),
        })
        {
            Assert.StartsWith(
                "The GPT2LMHeadModel was disposed, so nothing can run on it any more.",
                Assert.Throws<ObjectDisposedException>(use).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void DisposedPlanSaysWhichItIs()
    {
        var plan = Primer.Model.Bind(Gpt2.Experiment.Zero(Gpt2.Layer(1).MlpOutput));
        var empty = Primer.Model.Bind(Gpt2.Experiment);
        Close(plan);
        Close(empty);

        Assert.Contains(
            "The plan of intervention 0 (zero at mlp_output of layer 1) was disposed",
            Assert.Throws<ObjectDisposedException>(() => plan.Run(Spain).Dispose()).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "The plan of no intervention was disposed",
            Assert.Throws<ObjectDisposedException>(() => empty.Run(Spain).Dispose()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ModelIsNotDisposedInsideOfItsOwnRun()
    {
        using var model = Gpt2.Load(Primer.Folder);
        var experiment = Gpt2.Experiment.Apply(Gpt2.Layer(1).MlpOutput, values =>
        {
            model.Dispose();
            return values;
        });
        Assert.Contains(
            "it cannot be disposed inside",
            Assert.Throws<InterventionException>(() => model.Run(experiment, Spain).Dispose()).Message,
            StringComparison.Ordinal);
        using var clean = model.Run(Gpt2.Experiment, Spain);
    }

    [Fact]
    public void OwnModuleThatWasDisposedByItselfSaysSo()
    {
        var net = new ToyNet();
        using var plan = Experiment.On<ToyNet>().Zero(ToyNet.Components.Head.Output).Bind(net);
        Close(net);

        Assert.Contains(
            "was disposed, so nothing can run on it any more. Dispose a model behind its last run, plan and stream.",
            Assert.Throws<ObjectDisposedException>(() => plan.Run(TorchSharp.torch.ones(1, 4)).Dispose()).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "was disposed, so nothing can run on it any more",
            Assert.Throws<ObjectDisposedException>(() => Experiment.On<ToyNet>().Bind(net).Dispose()).Message,
            StringComparison.Ordinal);
    }

    private static void Close(IDisposable model) => model.Dispose();
}
