namespace Pyvene.Typed.Lab.Tests;

public sealed class ContributionsTests
{
    private static readonly (string Name, double Value)[] Parts = [("embedding", 1), ("<b>", -3), ("layer 1", 4)];

    [Fact]
    public void BarsBeginWhereTheOneAboveEndsAndAddUpWithTheRest()
    {
        var picture = Contributions.Of("logit", Parts, 2.5);
        Assert.Equal(
            [["embedding", "+1", "1"], ["<b>", "−3", "−2"], ["layer 1", "+4", "2"], ["rest", "+0.5", "2.5"], ["total", "+2.5", "2.5"]], picture.Tables[0].Rows);
        var svg = Parsed.Of(picture.ToSvg());
        Assert.Equal("<b>: −3 (from 1 to −2)", svg.SaysAt("0,1,0"));
        Assert.Equal("total: 2.5", svg.SaysAt("0,4,0"));
        var bars = svg.Elements().Where(part => part.Attribute("class")?.Value is "p10" or "n10")
            .Select(bar => (double.Parse(bar.Attribute("x")!.Value), double.Parse(bar.Attribute("width")!.Value))).ToArray();
        Assert.Equal(["p10", "n10", "p10", "p10", "p10"], svg.Elements().Select(part => part.Attribute("class")?.Value).Where(name => name is "p10" or "n10"));
        Assert.Equal(bars[0].Item1 + bars[0].Item2, bars[1].Item1 + bars[1].Item2, 0.02); // down from where the first ended
        Assert.Equal(bars[1].Item1, bars[2].Item1, 0.02);
        Assert.Equal(bars[3].Item1 + bars[3].Item2, bars[4].Item1 + bars[4].Item2, 0.02);
    }

    [Fact]
    public void ARestOfRoundingIsNone() =>
        Assert.Equal(["embedding", "<b>", "layer 1", "total"], Contributions.Of("", Parts, 2 + 3e-7).Tables[0].Rows.Select(row => row[0]));

    [Fact]
    public void SmallPartsAreOneBarAndNothingIsLost() => Assert.Equal(
        [["<b>", "−3", "−3"], ["layer 1", "+4", "1"], ["1 other", "+1", "2"], ["total", "+2", "2"]], Contributions.Of("", Parts, 2, largest: 2).Tables[0].Rows);

    [Fact]
    public void TheTerminalHasBarsToo() => Assert.Equal(
        """
        logit
        part       value  sum so far
        embedding     +1           1  ████████
        <b>           −3          −2  ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
        layer 1       +4           2  ██████████████████████████████
        total         +2           2  ███████████████

        """,
        Contributions.Of("logit", Parts, 2).ToText());

    [Fact]
    public void WhatDoesNotAddUpIsRefused()
    {
        Assert.Throws<ArgumentException>(() => Contributions.Of("", [], 1));
        Assert.Throws<ArgumentException>(() => Contributions.Of("", Parts, double.PositiveInfinity));
        var error = Assert.Throws<ArgumentException>(() => Contributions.Of("", [("a", double.NaN)], 1));
        Assert.StartsWith("Parts add up where they are finite, but “a” is NaN", error.Message, StringComparison.Ordinal);
    }
}
