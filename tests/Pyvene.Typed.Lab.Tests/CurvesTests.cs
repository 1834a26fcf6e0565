using System.Text.RegularExpressions;
using Pyvene.Typed.Training;

namespace Pyvene.Typed.Lab.Tests;

public sealed class CurvesTests
{
    [Fact]
    public void ATrainingHasItsLossAndItsAccuracyWithTheHeldOutExamples()
    {
        var svg = Parsed.Of(Training(40).Curves().ToSvg());
        Assert.Subset(svg.Texts().ToHashSet(), new HashSet<string> { "loss", "accuracy", "batch", "held out", "step", "0", "1" });
        Assert.Equal(80, svg.Named("g").Count());
        Assert.Equal("step 10: loss batch 0.1, loss held out 0.11, accuracy batch 0.25, accuracy held out 0.2", svg.SaysAt("0,0,9"));
        Assert.Equal("step 11: loss batch 0.0909, accuracy batch 0.275", svg.SaysAt("0,1,10"));
        Assert.Equal(4, svg.Named("path").Count(path => Regex.IsMatch(path.Attribute("class")!.Value, "^l[01]")));
    }

    [Fact]
    public void ALongTrainingKeepsItsLineAndGathersItsPlaces()
    {
        var picture = Training(1000).Curves();
        Assert.Equal(200, picture.Tables[0].Rows.Count);
        Assert.Equal(["6–10 (last)", "0.1", "0.11", "0.25", "0.2"], picture.Tables[0].Rows[1].Select((cell, column) => column == 3 ? "0.25" : cell));
        var longest = Parsed.Of(picture.ToSvg()).Named("path").Max(path => path.Attribute("d")!.Value.Count(letter => letter == 'L'));
        Assert.Equal(999, longest);
    }

    [Fact]
    public void WhatIsNotFiniteIsAGapThatIsNamed()
    {
        var picture = Curves.Of("<b>", "layer", ("a&b", [1, 2, double.NaN, 4, 5]), ("</title>", [5, 4, 3, 2, double.PositiveInfinity]));
        var svg = Parsed.Of(picture.ToSvg());
        var first = svg.Named("path").Single(path => path.Attribute("class")!.Value.StartsWith("l0", StringComparison.Ordinal));
        Assert.Equal(2, first.Attribute("d")!.Value.Count(letter => letter == 'M'));
        Assert.Equal("layer 3: a&b NaN, </title> 3", svg.SaysAt("0,0,2"));
        Assert.Equal("layer 5: a&b 5, </title> ∞", svg.SaysAt("0,0,4"));
        Assert.Equal(["3", "NaN", "3"], picture.Tables[0].Rows[2]);
        Parsed.Of(picture.ToHtml());
    }

    [Fact]
    public void CurvesStandOverXValuesOfTheirOwn()
    {
        var picture = Curves.Of("accuracy", "strength", [-0.25, 0.5, 2], ("rotation", [0.5, 0.75, 1]), ("mask", [0.5, double.NaN, 0.25]));
        var svg = Parsed.Of(picture.ToSvg());
        Assert.Equal("strength 0.5: rotation 0.75, mask NaN", svg.SaysAt("0,0,1"));
        Assert.Equal(["2", "1", "0.25"], picture.Tables[0].Rows[2]);
        Assert.Subset(svg.Texts().ToHashSet(), new HashSet<string> { "0", "0.5", "1", "1.5", "2" });
        var line = svg.Named("path").Single(path => path.Attribute("class")!.Value.StartsWith("l0", StringComparison.Ordinal)).Attribute("d")!.Value;
        Assert.Matches("^M72 .*L252 .*L612 ", line); // a third of the way is a third of the width
        Assert.Equal("1E-05", Curves.Of("t", "rate", [1e-5, 1e-4], ("a", [1, 2])).Tables[0].Rows[0][0]);
    }

    [Fact]
    public void XValuesThatDoNotFitAreRefusedByName()
    {
        Assert.Contains("number 3 is 2 after 4", Refused([1, 4, 2], [1, 2, 3]), StringComparison.Ordinal);
        Assert.Contains("number 2 is 1 after 1", Refused([1, 1], [1, 2]), StringComparison.Ordinal);
        Assert.Contains("number 1 is NaN", Refused([double.NaN, 1], [1, 2]), StringComparison.Ordinal);
        Assert.Contains("'a' has 3 and there are 2 x values", Refused([1, 2], [1, 2, 3]), StringComparison.Ordinal);

        static string Refused(double[] places, double[] values) => Assert.Throws<ArgumentException>(() => Curves.Of("t", "x", places, ("a", values))).Message;
    }

    [Fact]
    public void LinesAreToldApartWithoutColour()
    {
        var svg = Parsed.Of(Curves.Of("t", "step", ("a", [1, 2]), ("b", [2, 1]), ("c", [1, 1])).ToSvg());
        Assert.Equal(
            ["l0 line", "l1 dash line", "l2 dots line"],
            svg.Named("path").Select(path => path.Attribute("class")!.Value).Where(name => name[0] == 'l'));
    }

    [Fact]
    public void TheTerminalHasASparkline() => Assert.Equal(
        "t\n  up    ▁▃▆█  1 → 4\n  down  █▆▃▁  4 → 1\n", Curves.Of("t", "step", ("up", [1, 2, 3, 4]), ("down", [4, 3, 2, 1])).ToText());

    [Theory]
    [InlineData(0, 1, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    [InlineData(-3, 12, new[] { 0.0, 5, 10 })]
    [InlineData(0.98, 1.01, new[] { 0.98, 0.99, 1, 1.01 })]
    public void TicksAreRoundNumbers(double low, double high, double[] ticks) =>
        Assert.Equal(ticks, CurvePanel.Ticks(low, high, 5).Select(tick => Math.Round(tick, 9)));

    [Fact]
    public void OneValueAloneIsDrawnInTheMiddle()
    {
        var svg = Parsed.Of(Curves.Of("t", "step", ("a", [3])).ToSvg());
        Assert.Equal("step 1: a 3", svg.SaysAt("0,0,0"));
        Assert.Throws<ArgumentException>(() => Curves.Of("t", "step", ("a", [])));
        Assert.Throws<ArgumentException>(() => new TrainingResult([], null, false).Curves());
    }

    private static TrainingResult Training(int steps)
    {
        var none = new Dictionary<string, double>();
        return new(
            [.. Enumerable.Range(1, steps).Select(step => new TrainingStep(
                step, steps, 1, 1.0 / step, step / 40.0, none, none, step % 10 == 0 ? new AlignmentScore(step / 50.0, 1.1 / step, []) : null))],
            null,
            false);
    }
}
