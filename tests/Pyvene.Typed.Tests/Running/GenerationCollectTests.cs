using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Running;

/// <summary>What is collected while a text is made, and the settings that every way to run takes.</summary>
public sealed class GenerationCollectTests
{
    private const string Spain = "The capital of Spain is";
    private const string Store = "When Mary and John went to the store, John gave a drink to";
    private static readonly GenerationOptions Five = new() { MaxNewTokens = 5, EosTokenIds = [] };
    private static readonly Experiment<Gpt2, NoSource> Reading =
        Gpt2.Experiment.Collect(Gpt2.Layer(3).BlockOutput.During(Steps.Prompt.And(Steps.Each)), out Residual);

    private static readonly Collected<Gpt2> Residual;

    [Fact]
    public void HandleReadsWhatEveryPassOfAGenerationShowed()
    {
        using var generated = Primer.Model.Generate(Reading, Spain, Five);
        // the last token is read by no pass
        Assert.Equal([[1, 5, 128], [1, 1, 128], [1, 1, 128], [1, 1, 128], [1, 1, 128]], generated[Residual].Select(pass => pass.shape));
        Assert.Same(generated[Residual], generated["collect_0"]);

        using var scope = NewDisposeScope();
        var whole = Gpt2.Experiment.Collect(Gpt2.Layer(3).BlockOutput, out var once);
        using var run = Primer.Model.Run(whole, Prompt.OfTokens([.. Primer.Model.Tokenizer!.Encode(Spain), .. generated.TokenIds[0].Take(4)]));
        Assert.InRange(Primer.Difference(run[once], cat([.. generated[Residual]], 1)), 0, 1e-4);
    }

    [Fact]
    public void RowsOfAGenerationAreItsTextsAndItsOwnStepsEndWithItsLength()
    {
        var (spain, store) = (Primer.Model.Generate(Spain, Five).TokenIds[0].ToList(), Primer.Model.Generate(Store, Five).TokenIds[0].ToList());
        var end = spain.Concat(store).First(token => LengthOf(spain, token) > 1 && LengthOf(spain, token) != LengthOf(store, token));
        using var generated = Primer.Model.Generate(Reading, Prompt.Of(Spain, Store), Five with { EosTokenIds = [end] });
        Assert.Equal(LengthOf(spain, end), generated.Lengths[0]);
        Assert.Equal(LengthOf(store, end), generated.Lengths[1]);
        using var alone = Primer.Model.Generate(Reading, Spain, Five);
        var own = generated.Lengths[0] - 1;
        Assert.All(Enumerable.Range(1, own), step => Assert.InRange(Primer.Difference(alone[Residual][step], generated[Residual][step][..1]), 0, 1e-4));
        Assert.Equal(generated.Lengths.Max(), generated[Residual].Count);
        Assert.Equal([2, 14, 128], generated[Residual][0].shape);

        static int LengthOf(List<int> tokens, int end) => tokens.IndexOf(end) is var at and >= 0 ? at + 1 : tokens.Count;
    }

    [Fact]
    public void PromptsOfABeamSearchAreReadOnceAndLaterPassesShowTheBeams()
    {
        using var generated = Primer.Model.Generate(Reading, Prompt.Of(Spain, Spain), Five with { NumBeams = 3 });
        Assert.Equal([2, 5, 128], generated[Residual][0].shape);
        Assert.All(generated[Residual].Skip(1), pass => Assert.Equal([6, 1, 128], pass.shape));
    }

    [Fact]
    public void StepThatWasNotReachedHasNoValues()
    {
        var experiment = Gpt2.Experiment.Collect(Gpt2.Layer(3).BlockOutput.During(Steps.At(40)), out var late);
        using var generated = Primer.Model.Generate(experiment, Spain, Five);
        Assert.Empty(generated[late]);
    }

    [Fact]
    public void HandleOfAnotherExperimentIsRefusedAsInARun()
    {
        _ = Gpt2.Experiment.Collect(Gpt2.Layer(1).MlpOutput.During(Steps.Each), out var other);
        using var generated = Primer.Model.Generate(Reading, Spain, Five);
        var error = Assert.Throws<InterventionException>(() => generated[other]);
        Assert.Equal("handle", error.Field);
        Assert.Contains("in another experiment", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            "'collect_7'; there are collect_0", Assert.Throws<InterventionException>(() => generated["collect_7"]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamEndsWithItsTextAndWhatWasCollected()
    {
        var stream = Primer.Model.StreamAsync(Reading, Spain, Five);
        Assert.Contains("read to its end", Assert.Throws<InvalidOperationException>(() => stream.Text).Message, StringComparison.Ordinal);
        var pieces = "";
        await foreach (var piece in stream)
        {
            pieces += piece;
        }

        using var streamed = stream.Text;
        using var generated = Primer.Model.Generate(Reading, Spain, Five);
        Assert.Equal(pieces, streamed.Texts[0]);
        Assert.Equal(generated.Receipts, streamed.Receipts);
        Assert.Equal(generated[Residual].Count, streamed[Residual].Count);
        Assert.All(generated[Residual].Zip(streamed[Residual]), pair => Assert.Equal(0, Primer.Difference(pair.First, pair.Second)));
    }

    [Fact]
    public void TextOwnsWhatWasCollected()
    {
        Primer.Model.Generate(Reading, Spain, Five).Dispose();
        var before = LiveTensors.OfThisThread;
        var generated = Primer.Model.Generate(Reading, Spain, Five);
        Assert.Equal(before + 5, LiveTensors.OfThisThread);
        Assert.StartsWith(" Madrid", generated.Texts[0], StringComparison.Ordinal);
        generated.Dispose();
        Assert.Equal(before, LiveTensors.OfThisThread);
    }

    [Fact]
    public async Task EveryWayToRunTakesTheSettingsOfARun()
    {
        var unshared = new RunOptions { SharesWork = false };
        Assert.Equal(Primer.Model.Generate(Spain, Five).Texts[0], Primer.Model.Generate(Spain, Five, unshared).Texts[0]);
        var stream = Primer.Model.StreamAsync(Spain, Five, unshared);
        await foreach (var piece in stream)
        {
            Assert.NotEmpty(piece);
        }

        Assert.Equal(Primer.Model.Generate(Spain, Five).Texts[0], stream.Text.Texts[0]);

        var experiment = Gpt2.Experiment.Zero(Gpt2.Layer(3).MlpOutput.At(^1));
        using var plan = Primer.Model.Bind(experiment);
        Assert.True(plan.Explain(Spain, new RunOptions { WithClean = false }).MultiplyAdds < plan.Explain(Spain).MultiplyAdds);

        using var scope = NewDisposeScope();
        using var sweep = InterventionSweep.Bind(Primer.Module, [experiment.ToConfig()]);
        var inputs = Primer.Inputs(1, 5, 3);
        using var shared = sweep.Run(inputs);
        using var alone = sweep.Run(inputs, null, unshared);
        Assert.InRange(Primer.Difference(shared.Logits, alone.Logits), 0, 1e-4);
        Assert.Contains(
            "keeps no graph",
            Assert.Throws<ArgumentException>(() => sweep.Run(inputs, null, new RunOptions { Gradients = true })).Message,
            StringComparison.Ordinal);
    }
}
