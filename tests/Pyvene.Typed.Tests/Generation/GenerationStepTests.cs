using Pyvene.Typed.Generation;
using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Generation;

public sealed class GenerationStepTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly PretrainedModel _model = TinyGpt2.Create();
    private readonly ModelInputs _prompt = TinyGpt2.Prompt([5, 9, 2], [8]);

    public void Dispose()
    {
        _model.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void StreamedTokensAreTheGeneratedOnes()
    {
        var options = new GenerationOptions { MaxNewTokens = 7 };

        var steps = TextGeneration.Stream(_model, _prompt, options).ToList();

        Assert.Equal(TinyGpt2.Generate(_model, _prompt, options), [.. Enumerable.Range(0, 2).Select(row => steps.Select(step => step.Tokens[row]).ToArray())]);
        Assert.Equal(Enumerable.Range(0, 7), steps.Select(step => step.Index));
        Assert.Equal(6, Assert.Single(steps, step => step.IsLast).Index);
    }

    [Fact]
    public void AStreamThatIsLeftEarlyRunsNoFurtherStepAndLeavesNoTensor()
    {
        var calls = 0;
        var before = LiveTensors.OfThisThread;

        var steps = TextGeneration.Stream(Counted(() => calls++), _model.Config, _prompt, new GenerationOptions { MaxNewTokens = 20 }).Take(3).ToList();

        Assert.Equal((3, 3), (steps.Count, calls));
        Assert.Equal(before, LiveTensors.OfThisThread);
    }

    [Fact]
    public void StepsMayRunOnDifferentThreads()
    {
        var options = new GenerationOptions { MaxNewTokens = 5 };
        var tokens = new List<long>();
        using var steps = TextGeneration.Stream(_model, _prompt, options).GetEnumerator();
        var goesOn = true;
        while (goesOn)
        {
            var thread = new Thread(() => goesOn = steps.MoveNext());
            thread.Start();
            thread.Join();
            if (goesOn) tokens.Add(steps.Current.Tokens[0]);
        }

        Assert.Equal(TinyGpt2.Generate(_model, _prompt, options)[0], tokens);
    }

    [Fact]
    public void ABeamSearchIsNotStreamed()
    {
        var error = Assert.Throws<ArgumentException>(() => TextGeneration.Stream(_model, _prompt, new GenerationOptions { NumBeams = 2 }));

        Assert.Contains("NumBeams is 2", error.Message);
    }

    [Fact]
    public void CancellingStopsBetweenTwoSteps()
    {
        using var cancellation = new CancellationTokenSource();
        var calls = 0;

        Assert.Throws<OperationCanceledException>(() => TextGeneration.Generate(
            Counted(() => { if (++calls == 2) cancellation.Cancel(); }),
            _model.Config,
            _prompt,
            new GenerationOptions { MaxNewTokens = 20 },
            cancellation.Token));

        Assert.Equal(2, calls);
    }

    [Fact]
    public void OnlyTheLastPositionsLogitsAreComputedAndThePromptIsRunOnceForAllBeams()
    {
        var seen = new List<(long Rows, long Columns, long Logits)>();
        ModelOutput Forward(ModelInputs inputs)
        {
            var output = _model.call(inputs);
            seen.Add((inputs.InputIds!.shape[0], inputs.InputIds.shape[1], output.Logits!.shape[1]));
            return output;
        }

        using var output = TextGeneration.Generate(Forward, _model.Config, _prompt, new GenerationOptions { MaxNewTokens = 3, NumBeams = 2 });

        Assert.Equal([(2, 3, 1), (4, 1, 1), (4, 1, 1)], seen);
    }

    [Fact]
    public void ScoresAndLogitsAreRecordedWhereTheyAreAskedFor()
    {
        using var none = TextGeneration.Generate(_model, _prompt, new GenerationOptions { MaxNewTokens = 3 });
        using var both = TextGeneration.Generate(
            _model, _prompt, new GenerationOptions { MaxNewTokens = 3, SuppressTokens = [2], OutputScores = true, OutputLogits = true });

        Assert.Null(none.Scores);
        Assert.Null(none.Logits);
        Assert.Equal((3, 3), (both.Scores!.Count, both.Logits!.Count));
        Assert.All(both.Scores, scores => Assert.True(scores[.., 2].isneginf().all().item<bool>()));
        Assert.All(both.Logits, logits => Assert.True(logits.isfinite().all().item<bool>()));
    }

    [Fact]
    public void TheCheckpointsOwnPositionsAreContinued()
    {
        var seen = new List<long>();
        ModelOutput Forward(ModelInputs inputs)
        {
            seen.Add(inputs.PositionIds![0, -1].item<long>());
            return _model.call(inputs);
        }

        var prompt = _prompt with { PositionIds = tensor(new long[] { 10, 11, 12, 1, 1, 10 }).view(2, 3) };
        using var output = TextGeneration.Generate(Forward, _model.Config, prompt, new GenerationOptions { MaxNewTokens = 3 });

        Assert.Equal([12, 13, 14], seen);
    }

    [Fact]
    public void AProcessorOfOnesOwnIsAskedEveryStep()
    {
        var rows = TinyGpt2.Generate(_model, _prompt, new GenerationOptions { MaxNewTokens = 4, Processors = [new OnlyEven()] });

        Assert.All(rows.SelectMany(row => row), token => Assert.Equal(0, token % 2));
    }

    private Func<ModelInputs, ModelOutput> Counted(Action count) => inputs =>
    {
        count();
        return _model.call(inputs);
    };

    private sealed class OnlyEven : LogitsProcessor
    {
        protected override Tensor Process(Tensor tokens, Tensor scores) =>
            scores.masked_fill(arange(scores.shape[1], device: scores.device).remainder(2).eq(1), double.NegativeInfinity);
    }
}
