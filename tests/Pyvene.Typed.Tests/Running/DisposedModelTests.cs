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

    private static void Close(IDisposable model) => model.Dispose();
}
