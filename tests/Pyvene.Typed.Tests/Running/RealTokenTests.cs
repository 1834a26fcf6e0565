using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Running;

/// <summary>What tells real tokens from padding in a ragged batch.</summary>
public sealed class RealTokenTests : IDisposable
{
    private static readonly Prompt Ragged = Prompt.OfTokens([5, 17, 3], [9, 28, 50, 2, 31]);

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly LanguageModel<Gpt2> model = new(TinyGpt2.Create(), null);

    public void Dispose()
    {
        model.Dispose();
        scope.Dispose();
    }

    [Fact]
    public void ARunTellsWhichPositionsAreReal()
    {
        using var run = model.Run(Gpt2.Experiment.Collect(Gpt2.Layer(0).BlockOutput, out var states), Ragged);

        Assert.Equal([3, 5], run.Lengths.ToArray());
        Assert.Equal([false, false, true, true, true, true, true, true, true, true], run.Mask.data<bool>().ToArray());
        Assert.Equal(run.Mask.shape, run[states].shape[..2]);
    }

    [Fact]
    public void LogitsAtAPositionAreThoseOfThePromptAlone()
    {
        var nothing = Gpt2.Experiment.Collect(Gpt2.Layer(0).BlockOutput, out _);
        using var run = model.Run(nothing, Ragged);
        using var alone = model.Run(nothing, Prompt.OfTokens([5, 17, 3]));

        foreach (var position in new Index[] { 0, 1, ^1 }) Close.Equal(alone.LogitsAt(0, position), run.LogitsAt(0, position));
        Assert.Contains("example 0, which has 3 real tokens", Assert.Throws<ArgumentOutOfRangeException>(() => run.LogitsAt(0, 3)).Message);
        Assert.Contains("0 to 1", Assert.Throws<ArgumentOutOfRangeException>(() => run.LogitsAt(2, 0)).Message);
    }

    [Fact]
    public void LogitsOfTheNextTokenAloneHaveTheLastPositionOnly()
    {
        var nothing = Gpt2.Experiment.Collect(Gpt2.Layer(0).BlockOutput, out _);
        using var whole = model.Run(nothing, Ragged);
        using var next = model.Run(nothing, Ragged, new RunOptions { NextTokenOnly = true });

        Close.Equal(whole.LogitsAt(0, ^1), next.LogitsAt(0, 2));
        Assert.Contains("NextTokenOnly", Assert.Throws<InvalidOperationException>(() => next.LogitsAt(0, 1)).Message);
    }

    [Fact]
    public void ReceiptsCountRealPositionsOnly()
    {
        var width = model.Module.Config.GetInteger("n_embd")!.Value;
        using var run = model.Run(Gpt2.Experiment.Zero(Gpt2.Layer(0).BlockOutput).Collect(Gpt2.Layer(1).MlpOutput, out _), Ragged);

        Assert.Equal([8 * width, 8 * width], run.Receipts.Select(receipt => receipt.Elements));
        Assert.Equal(8 * width, run.Receipts[0].ChangedElements);
    }

    [Fact]
    public void HeadsAndFeaturesCountAtRealPositionsToo()
    {
        using var heads = model.Run(Gpt2.Experiment.Zero(Gpt2.Layer(0).HeadAttentionValueOutput.Head(1)), Ragged);
        using var whole = model.Run(Gpt2.Experiment.Zero(Gpt2.Layer(0).HeadAttentionValueOutput.Head(1)), Prompt.OfTokens([5, 17, 3], [9, 28, 50]));

        Assert.Equal(whole.Receipts[0].Elements / 6 * 8, heads.Receipts[0].Elements);
        Assert.Equal(heads.Receipts[0].Elements, heads.Receipts[0].ChangedElements);
    }

    [Fact]
    public void AWriteIntoPaddingAloneHasNoEffect()
    {
        using var plan = InterventionPlan.Bind(model.Module, new InterventionConfig
        {
            Architecture = "gpt2",
            Interventions = [new InterventionSpec
            {
                Site = new SiteSpec { Component = "block_output", Layer = 0, At = Positions.Columns([0], [1]) },
                Intervention = new Zero(),
            }],
        });
        var ids = tensor(new long[,] { { 0, 0, 5, 17 }, { 0, 0, 9, 28 } });
        var inputs = new ModelInputs { InputIds = ids, AttentionMask = tensor(new long[,] { { 0, 0, 1, 1 }, { 0, 0, 1, 1 } }) };

        Assert.Contains("changed nothing", Assert.Throws<InterventionException>(() => plan.Run(inputs)).Message);
        using var run = plan.Run(inputs, options: new RunOptions { Effects = EffectCheck.Report });
        Assert.Equal((1, 0, 0), (run.Receipts[0].Fired, run.Receipts[0].Elements, run.Receipts[0].ChangedElements));
    }

    [Fact]
    public void ARunOfPlainDataTellsRealTokensToo()
    {
        var config = Gpt2.Experiment.Collect(Gpt2.Layer(0).BlockOutput, out _).ToConfig();
        using var plan = InterventionPlan.Bind(model.Module, config);
        var ids = tensor(new long[,] { { 0, 5, 17, 3 }, { 9, 28, 50, 2 } });
        using var run = plan.Run(new ModelInputs { InputIds = ids, AttentionMask = tensor(new long[,] { { 0, 1, 1, 1 }, { 1, 1, 1, 1 } }) });

        Assert.Equal([3, 4], run.Lengths.ToArray());
        Assert.Equal([false, true, true, true, true, true, true, true], run.Mask.data<bool>().ToArray());
        Assert.True(run.Logits[0, 1].Equals(run.LogitsAt(0, 0)));
        using var next = plan.Run(new ModelInputs { InputIds = ids }, options: new RunOptions { NextTokenOnly = true });
        Assert.Contains("Run without RunOptions.NextTokenOnly", Assert.Throws<InvalidOperationException>(() => next.LogitsAt(0, 0)).Message);
    }

    [Fact]
    public void WhatWasNoTokensHasNoneThatAreReal()
    {
        using var net = nn.Sequential(("fc", nn.Linear(4, 4)));
        using var plan = InterventionPlan.Bind(
            net, new InterventionConfig { Interventions = [new InterventionSpec { Site = new SiteSpec { ModulePath = "fc" }, Intervention = new Zero() }] });
        using var run = plan.Run(randn(2, 4));

        Assert.Contains("The inputs are no tokens", Assert.Throws<InvalidOperationException>(() => run.Mask).Message);
        Assert.Contains("The inputs are no tokens", Assert.Throws<InvalidOperationException>(() => run.Lengths).Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ReceiptsOfAGenerationDoNotCountWhatLiesBehindAnEnd(bool useCache)
    {
        var width = model.Module.Config.GetInteger("n_embd")!.Value;
        var open = model.Generate(Ragged, new GenerationOptions { MaxNewTokens = 6, EosTokenIds = [], UseCache = useCache });
        var end = open.TokenIds[0].First(token => !open.TokenIds[1].Contains(token)); // ends the first text alone
        var options = new GenerationOptions { MaxNewTokens = 6, EosTokenIds = [end], PadTokenId = 0, UseCache = useCache };
        var looking = Gpt2.Experiment.Collect(Gpt2.Layer(0).BlockOutput.During(Steps.Each), out _);

        var both = model.Generate(looking, Ragged, options);
        var first = open.TokenIds[0].IndexOf(end) + 1;
        Assert.Equal([first, 6], both.Lengths.ToArray());
        Assert.Equal(
            useCache ? (first - 1 + 5) * width : Enumerable.Range(1, 5).Sum(step => Math.Min(step, first - 1) + step) * width, both.Receipts[0].Elements);
    }
}
