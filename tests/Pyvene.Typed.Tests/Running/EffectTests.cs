using System.Globalization;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Interventions.Trainable;

namespace Pyvene.Typed.Tests.Running;

/// <summary>One rule says when an intervention without effect throws: in runs, generations, streams and sweeps (those of <see cref="SweepTests"/>).</summary>
public sealed class EffectTests
{
    private const string Spain = "The capital of Spain is";
    private static readonly float[] Vector = [.. Enumerable.Range(0, 128).Select(feature => feature % 2 == 0 ? 3f : -2f)];
    private static readonly RunOptions Output = new() { Effects = EffectCheck.Output };

    [Fact]
    public void TextThatEndsBeforeTheStepIsKept()
    {
        var (each, late) = (Steered(Steps.Each), Steered(Steps.At(30)));
        var one = Primer.Model.Generate(each, Spain, new GenerationOptions { MaxNewTokens = 1, EosTokenIds = [] });
        Assert.Equal(" Madrid", one.Texts[0]);
        Assert.Equal((0, 0, false), (one.Receipts[0].Fired, one.Receipts[0].EndedAfter, one.Receipts[0].IsWithoutEffect));
        Assert.Equal(
            "intervention 0 (addition at block_output of layer 2, in every step): not reached, the generation ended after step 0", one.Receipts[0].ToString());
        var three = Primer.Model.Generate(late, Spain, new GenerationOptions { MaxNewTokens = 3, EosTokenIds = [] }, Output);
        Assert.Equal(2, three.Receipts[0].EndedAfter);
        Assert.Equal(Primer.Model.Generate(Spain, new GenerationOptions { MaxNewTokens = 3, EosTokenIds = [] }).Texts[0], three.Texts[0]);
    }

    [Fact]
    public void StepThatWasRunAndChangedNothingThrows()
    {
        var nothing = Gpt2.Experiment.Apply(Gpt2.Layer(2).BlockOutput.During(Steps.Each), values => values.alias());
        var error = Assert.Throws<InterventionException>(() => Primer.Model.Generate(nothing, Spain, new GenerationOptions { MaxNewTokens = 3 }));
        Assert.Contains("changed nothing: it fired 2 ×", error.Message, StringComparison.Ordinal);
        var text = Primer.Model.Generate(nothing, Spain, new GenerationOptions { MaxNewTokens = 3 }, new RunOptions { Effects = EffectCheck.Report });
        Assert.True(text.Receipts[0].IsWithoutEffect);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 3)]
    public async Task StreamThrowsBeforeItsFirstPieceWhereThatIsKnownElseAtItsEnd(bool isPrompt, int pieces)
    {
        var nothing = Gpt2.Experiment.Apply(Gpt2.Layer(2).BlockOutput.During(isPrompt ? Steps.Prompt : Steps.Each), values => values.alias());
        var seen = 0;
        await Assert.ThrowsAsync<InterventionException>(() => Read(null));
        Assert.Equal(pieces, seen);
        seen = 0;
        await Read(new RunOptions { Effects = EffectCheck.Report });
        Assert.Equal(3, seen);

        async Task Read(RunOptions? options)
        {
            await foreach (var piece in Primer.Model.StreamAsync(nothing, Spain, new GenerationOptions { MaxNewTokens = 3, EosTokenIds = [] }, options))
            {
                seen++;
            }
        }
    }

    [Fact]
    public void GenerationIsComparedWithTheCleanOneToFindWhatNothingReads()
    {
        // Position 0 of the last block is read by no later position.
        var dead = Gpt2.Experiment.Add(Gpt2.Layer(5).BlockOutput.At(0).During(Steps.Prompt), Vector);
        Assert.Equal(" Madrid", Primer.Model.Generate(dead, Spain, new GenerationOptions { MaxNewTokens = 1 }).Texts[0]);
        var error = Assert.Throws<InterventionException>(() => Primer.Model.Generate(dead, Spain, new GenerationOptions { MaxNewTokens = 2 }, Output));
        Assert.Contains("not the logits of any step", error.Message, StringComparison.Ordinal);
        Assert.Equal(
            2, Primer.Model.Generate(Steered(Steps.Prompt), Spain, new GenerationOptions { MaxNewTokens = 2, DoSample = true }, Output).TokenIds[0].Length);
    }

    [Fact]
    public void WhatLearnsMayBeginAtZero()
    {
        using var space = new RotatedSpace(128);
        var experiment = Gpt2.Experiment.Apply(Gpt2.Layer(2).BlockOutput.At(^1), new Learned(space));
        using var run = Primer.Model.Run(experiment, Spain, Spain);
        Assert.True(run.Receipts[0].MayChangeNothing);
    }

    [Fact]
    public void OptionsNeverDropTheCleanRun()
    {
        var experiment = Gpt2.Experiment.Zero(Gpt2.Layer(3).MlpOutput);
        using var bare = Primer.Model.Run(experiment, Spain);
        using var given = Primer.Model.Run(experiment, Spain, new RunOptions { NextTokenOnly = true });
        using var without = Primer.Model.Run(experiment, Spain, new RunOptions { WithClean = false });
        Assert.NotNull(bare.CleanLogits);
        Assert.NotNull(given.CleanLogits);
        var fault = Assert.Throws<InvalidOperationException>(() => without.CleanLogits);
        Assert.Contains("WithClean = true", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CollectingRunHasNoEffectToCheck()
    {
        using var run = Primer.Model.Run(Gpt2.Experiment.Collect(Gpt2.Layer(3).MlpOutput, out _), Spain, Output);
        Assert.Single(run.Receipts);
    }

    [Theory]
    [InlineData("at")]
    [InlineData("far")]
    [InlineData("last")]
    [InlineData("range")]
    [InlineData("step")]
    public void PositionsOfThePromptAreRefusedForGeneratedTokens(string kind)
    {
        var site = Gpt2.Layer(2).BlockOutput;
        var place = kind switch { "at" => site.At(2), "far" => site.At(500), "last" => site.At(^1), "range" => site.At(3..), _ => site.At(2) };
        var experiment = Gpt2.Experiment.Add(place.During(kind == "step" ? Steps.At(2) : Steps.Each), Vector);
        var error = Assert.Throws<InterventionException>(() =>
            InterventionPlan.Bind(Primer.Module, InterventionConfig.FromJson(experiment.ToConfig().ToJson())));
        Assert.Equal("positions", error.Field);
        Assert.Contains("positions choose places of the prompt", error.Message, StringComparison.Ordinal);
        Assert.Throws<InterventionException>(() => Primer.Model.Generate(experiment, Spain));
        using var plan = InterventionPlan.Bind(Primer.Module, Gpt2.Experiment.Add(site.At(2).During(Steps.Prompt.And(Steps.Each)), Vector).ToConfig());
    }

    [Fact]
    public void PositionOfTheSourceIsChosenForGeneratedTokens()
    {
        var config = Gpt2.Experiment.Interchange(Gpt2.Layer(5).BlockOutput.During(Steps.Each)).ToConfig();
        config = config with { Interventions = [config.Interventions[0] with { Site = config.Interventions[0].Site with { ReadAt = ^1 } }] };
        using var plan = InterventionPlan.Bind(Primer.Module, config);
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var made = plan.Generate(Inputs(Spain), [Inputs("The capital of Italy is")], new GenerationOptions { MaxNewTokens = 2 });
        Assert.Equal(" Madrid Rome", Primer.Model.Tokenizer!.Decode([.. made.Output.Sequences.data<long>().ToArray()[^2..].Select(id => (int)id)]));

        static Typed.Models.ModelInputs Inputs(string text) =>
            new() { InputIds = TorchSharp.torch.tensor(Primer.Model.Tokenizer!.Encode(text).Select(id => (long)id).ToArray()).unsqueeze(0) };
    }

    [Fact]
    public void TextsOfResultsAreTheSameInEveryCulture()
    {
        var table = Primer.Model.Sweep(
            Gpt2.Layers(2..4),
            Axis.Of(-1.5, 2.5),
            (layer, strength) => Gpt2.Experiment.Add(layer.BlockOutput.At(^1), Vector.Select(value => value * (float)strength).ToArray()),
            Spain,
            Metric.Logit(" Rome"));
        using var run = Primer.Model.Run(Gpt2.Experiment.Zero(Gpt2.Layer(3).MlpOutput.At(^1)), Spain);
        string[] Texts() =>
        [
            .. run.Receipts.Concat(table.Receipts).Select(receipt => receipt.ToString()), table.ToString(), table.ToCsv(), table.ToJson(),
            run.TopTokens().ToString(), run.Measure(Metric.Logit(" Rome")).ToString(),
            Axis.Of(-1.5).ToString(), Gpt2.Layers(2..4).ToString(),
            Assert.Throws<ArgumentOutOfRangeException>(() => new GenerationOptions { Temperature = -1.5 }).Message,
            Assert.Throws<ArgumentException>(() => Primer.Model.Generate(Spain, new GenerationOptions { TopP = 0.5 })).Message,
        ];
        var (before, expected) = (CultureInfo.CurrentCulture, Texts());
        var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (other.NumberFormat.NumberDecimalSeparator, other.NumberFormat.PercentDecimalSeparator, other.NumberFormat.NegativeSign) = ("٫", "٫", "\u2212");
        try
        {
            CultureInfo.CurrentCulture = other;
            Assert.Equal(expected, Texts());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static Experiment<Gpt2, NoSource> Steered(Steps steps) => Gpt2.Experiment.Add(Gpt2.Layer(2).BlockOutput.During(steps), Vector);
}
