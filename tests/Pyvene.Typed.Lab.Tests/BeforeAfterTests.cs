using Pyvene.Typed.Analysis;
using Pyvene.Typed.Tests;

namespace Pyvene.Typed.Lab.Tests;

public sealed class BeforeAfterTests
{
    private static readonly Lazy<LanguageModel<Gpt2>> Model = new(() => Gpt2.Load(Path.Combine(Repository.Root, "models", "primer")));

    private static BeforeAfter Hostile => BeforeAfter.Of(
        "swap", [new(" Madrid", 1, 0.75f), new("<b>", 2, 0.125f)], [new("<b>", 2, 0.5f), new("</script>", 3, 0.25f), new("\n", 4, 0.125f)]);

    [Fact]
    public void ARunShowsItsTopTokensBeforeAndAfter()
    {
        using var run = Model.Value.Run(
            Gpt2.Experiment.Interchange(Gpt2.Layer(4).BlockOutput.At(4)),
            "The capital of Spain is",
            "The capital of Italy is",
            new RunOptions { WithClean = true });
        var tokens = run.TopTokens(3).Examples[0];
        var picture = run.BeforeAfter(top: 3);
        Assert.Equal("The capital of Spain is", picture.Title);
        Assert.Equal(
            ["0", "·Madrid", Digits.Of(tokens.Before![0].Probability), "·Rome", Digits.Of(tokens.After[0].Probability)], picture.Tables[0].Rows[0]);
        Assert.Equal(3, picture.Tables[0].Rows.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => run.BeforeAfter(example: 1));
    }

    [Fact]
    public void WithoutACleanRunItSaysWhatToDo()
    {
        using var run = Model.Value.Run("The capital of Spain is", new RunOptions { WithClean = false });
        Assert.Contains("WithClean = true", Assert.Throws<InvalidOperationException>(() => run.BeforeAfter()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryBarSaysWhereItsTokenIsOnTheOtherSide()
    {
        var svg = Parsed.Of(Hostile.ToSvg());
        Assert.Equal("before, rank 0 “·Madrid”: 0.75 (after not among the first 3)", svg.SaysAt("0,0,0"));
        Assert.Equal("before, rank 1 “<b>”: 0.125 (after rank 0: 0.5)", svg.SaysAt("0,1,0"));
        Assert.Equal("after, rank 2 “⏎”: 0.125 (before not among the first 2)", svg.SaysAt("1,2,0"));
        Assert.Single(svg.Named("path")); // the line of the one token that is in both
        Parsed.Of(Hostile.ToHtml());
    }

    [Fact]
    public void TheTerminalHasARankALine() => Assert.Equal(
        """
        swap
        rank  before   probability  after      probability
           0  ·Madrid         0.75  <b>                0.5
           1  <b>            0.125  </script>         0.25
           2                        ⏎                0.125

        """,
        Hostile.ToText());

    [Fact]
    public void WhatIsNoProbabilityIsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => BeforeAfter.Of("", [new("a", 0, 2)], [new("a", 0, 1)]));
        Assert.StartsWith("A probability is 0 to 1, but that of “a” is 2", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => BeforeAfter.Of("", [new("a", 0, float.NaN)], [new("a", 0, 1)]));
        Assert.Throws<ArgumentException>(() => BeforeAfter.Of("", [], [new("a", 0, 1)]));
    }
}
