using Pyvene.Typed.Analysis;
using Pyvene.Typed.Tests;

namespace Pyvene.Typed.Lab.Tests;

public sealed class TokenPictureTests
{
    private static readonly Lazy<LanguageModel<Gpt2>> Model = new(() => Gpt2.Load(Path.Combine(Repository.Root, "models", "primer")));

    private static TokenPicture Hostile => TokenPicture.Of(
        "<i>",
        [
            new("[INST]", null, null, []),
            new("<b>", Math.Log(0.5), 1, [new("</script>", 3, 0.5f), new(" a\n", 4, 0.25f)]),
            new(" end\n", 0, 0, []),
            new(" 東京", Math.Log(1e-9), 1400, []),
        ]);

    [Fact]
    public void EveryTokenHasItsProbabilityItsLogarithmItsRankAndTheLikeliest()
    {
        using var run = Model.Value.Run("The capital of Spain is Madrid");
        var picture = run.Tokens(top: 2);
        var row = picture.Tables[0].Rows[^1];
        Assert.Equal(["5", "·Madrid"], row.Take(2));
        using var top = Model.Value.Run("The capital of Spain is");
        var best = top.TopTokens(2).Examples[0].After;
        Assert.Equal(" Madrid", best[0].Text);
        Assert.Equal(Digits.Of(best[0].Probability), row[2]);
        Assert.Equal(Digits.Of(Math.Log(best[0].Probability)), row[3]);
        Assert.Equal("0", row[4]);
        Assert.Equal($"·Madrid {Digits.Of(best[0].Probability)}, {VisibleText.OfToken(best[1].Text)} {Digits.Of(best[1].Probability)}", row[5]);
        Assert.Equal(["0", "The", "", "", "", ""], picture.Tables[0].Rows[0]);
    }

    [Fact]
    public void PaddingShiftsNothing()
    {
        using var one = Model.Value.Run("The capital of Spain is Madrid");
        using var both = Model.Value.Run(Prompt.Of("The capital of Spain is Madrid", "The capital of Italy is Rome and the capital of Spain is Madrid"));
        var (alone, padded) = (one.Tokens().Tables[0].Rows, both.Tokens(0).Tables[0].Rows);
        Assert.Equal(alone.Select(row => (row[1], row[4])), padded.Select(row => (row[1], row[4])));
        Assert.Equal(alone.Skip(1).Select(row => Number(row[2])), padded.Skip(1).Select(row => Number(row[2])), (x, y) => Math.Abs(x - y) <= 0.01 * x);
        Assert.Equal(13, both.Tokens(1).Tables[0].Rows.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => both.Tokens(2));

        static double Number(string digits) => double.Parse(digits.Replace('−', '-'), System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void AnInterventionShowsInTheColours()
    {
        using var run = Model.Value.Run(
            Gpt2.Experiment.Interchange(Gpt2.Layer(4).BlockOutput.At(4)), "The capital of Spain is Madrid", "The capital of Italy is Rome");
        Assert.NotEqual("0", run.Tokens().Tables[0].Rows[^1][4]);
        Assert.StartsWith("·Rome ", run.Tokens().Tables[0].Rows[^1][5], StringComparison.Ordinal);
    }

    [Fact]
    public void ARunOfTheLastPositionAloneIsRefused()
    {
        using var run = Model.Value.Run("The capital of Spain is", new RunOptions { NextTokenOnly = true });
        Assert.Contains("NextTokenOnly", Assert.Throws<InvalidOperationException>(() => run.Tokens()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TokensAreEscapedAndALineEndBeginsALine()
    {
        var svg = Parsed.Of(Hostile.ToSvg());
        Assert.Equal(["s0", "s8", "s16", "s0"], new[] { "0,0,0", "0,0,1", "0,0,2", "0,1,0" }.Select(svg.ColourAt));
        Assert.Equal("“<b>”: p 0.5, log-probability −0.693, rank 1; likeliest: </script> 0.5, ·a⏎ 0.25", svg.SaysAt("0,0,1"));
        Assert.Equal("“[INST]”: the first, which nothing predicts", svg.SaysAt("0,0,0"));
        Assert.Single(Hostile.ToHtml().Split("</script>")[1..]);
        Parsed.Of(Hostile.ToHtml());
    }

    [Fact]
    public void TheTerminalHasOneLineAToken()
    {
        var lines = Hostile.ToText().Split('\n');
        Assert.Equal("<i>", lines[0]);
        Assert.Equal("position  token   probability  log-probability  rank  likeliest", lines[1]);
        Assert.Equal("       1  <b>             0.5           −0.693     1  </script> 0.5, ·a⏎ 0.25", lines[3]);
        Assert.Equal("       3  ·東京       1.00e−9            −20.7  1400", lines[5]);
        Assert.Contains("\e[48;2;", Hostile.ToText(colours: true), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNoLogProbabilityIsRefused()
    {
        Assert.Throws<ArgumentException>(() => TokenPicture.Of("", []));
        var error = Assert.Throws<ArgumentException>(() => TokenPicture.Of("", [new ScoredToken("a", 0.5, 0, [])]));
        Assert.StartsWith("A log-probability is at most 0, but that of “a” is 0.5", error.Message, StringComparison.Ordinal);
    }
}
