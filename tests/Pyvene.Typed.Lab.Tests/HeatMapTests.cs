using Pyvene.Typed.Analysis;

namespace Pyvene.Typed.Lab.Tests;

public sealed class HeatMapTests
{
    private static readonly string[] Hostile = ["[INST]", "<b>", "</script>", " a\nb", "\"&'\u0001\u202E\uD800"];

    [Fact]
    public void EveryCellHasItsColourItsNameAndThreeDigits()
    {
        var svg = Parsed.Of(Swap().HeatMap().ToSvg());
        Assert.Equal(30, svg.Named("g").Count());
        Assert.Equal("p16", svg.ColourAt("0,5,4"));
        Assert.Equal("p0", svg.ColourAt("0,0,0"));
        Assert.Equal("layer 5, position 4 “·is”: 0.998 (+0.996 from clean)", svg.SaysAt("0,5,4"));
        Assert.Equal("layer 0, position 0 “The”: 0.002 (as clean)", svg.SaysAt("0,0,0"));
        Assert.Contains("·capital", svg.Texts());
        Assert.Contains("p(\" Rome\")", svg.Texts());
        Assert.Contains("position", svg.Texts());
        Assert.Contains("layer", svg.Texts());
    }

    [Fact]
    public void WhatIsBelowTheCleanValueIsBlueAndWhatIsAboveOrangeOnOneScale()
    {
        var svg = Parsed.Of(Tables.OfTokens(0.5, new[,] { { 0.0, 0.5, 0.75 } }, "a", " b", " c").HeatMap().ToSvg());
        Assert.Equal(["n16", "p0", "p8"], new[] { "0,0,0", "0,0,1", "0,0,2" }.Select(svg.ColourAt));
        Assert.Subset(svg.Texts().ToHashSet(), new HashSet<string> { "0", "clean", "1" });
    }

    [Fact]
    public void ATableOfRoundingIsBlankInThePageAndInTheTerminal()
    {
        var table = Tables.OfTokens(0.25, Tables.Values(4, 5, (row, column) => 0.25 + (4e-8 * (row - column))), Tables.Tokens);
        var svg = Parsed.Of(table.HeatMap().ToSvg());
        Assert.All(svg.Named("g"), cell => Assert.Equal("p0", cell.Named("rect").Single().Attribute("class")!.Value));
        Assert.Contains("all as clean: no difference is larger than rounding", svg.Texts());
        foreach (var text in new[] { table.ToString(), table.HeatMap().ToText(), table.HeatMap().ToText(colours: true) })
        {
            Assert.DoesNotContain(text, letter => "░▒▓█\e".Contains(letter));
        }
    }

    [Fact]
    public void WhatRoundsToZeroHasNoSignInTheTerminal()
    {
        var text = Tables.OfTokens(1, new[,] { { -4e-8, 4e-8, -0.006 } }, "a", " b", " c").HeatMap().ToText();
        Assert.DoesNotContain("-0.00", text, StringComparison.Ordinal);
        Assert.Contains("-0.01", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ASmallProbabilityThatTrulyChangesIsShaded() =>
        Assert.Equal("p16", Parsed.Of(Tables.OfTokens(1e-6, new[,] { { 1e-6, 3e-5 } }, "a", " b").HeatMap().ToSvg()).ColourAt("0,0,1"));

    [Fact]
    public void RoundingOfLargeLogitsIsNoEffectOfASmallDifference()
    {
        var noise = Tables.OfHeads(0.01, new[,] { { 0.01002, 0.00998 } });
        Assert.All(Parsed.Of(noise.HeatMap().ToSvg()).Named("g"), cell => Assert.Equal("p0", cell.Named("rect").Single().Attribute("class")!.Value));
        Assert.Contains("no cell differs from clean by more than rounding", Parsed.Of(noise.HeatMap().ToSvg()).Texts());
    }

    [Fact]
    public void TokensAreEscapedWhereverTheyStand()
    {
        var picture = Tables.OfTokens(0, Tables.Values(1, 5, (_, column) => column), Hostile).HeatMap();
        foreach (var markup in new[] { picture.ToSvg(), picture.ToHtml() })
        {
            Assert.DoesNotContain("<b>", markup, StringComparison.Ordinal);
            Assert.DoesNotContain("\u202E", markup, StringComparison.Ordinal);
            var root = Parsed.Of(markup);
            Assert.Subset(root.Texts().ToHashSet(), new HashSet<string> { "[INST]", "<b>", "</script>", "·a⏎b", "\"&'␁‹202E›‹D800›" });
            Assert.Equal("layer 0, position 1 “<b>”: 1 (+1 from clean)", root.SaysAt("0,0,1"));
        }

        Assert.Single(picture.ToHtml().Split("</script>")[1..]); // the page's own
    }

    [Fact]
    public void ThePageHasATableForScreenReaders()
    {
        var table = Parsed.Of(Swap().HeatMap().ToHtml()).Named("table").Single();
        Assert.Equal("p(\" Rome\"), clean 0.002", table.Named("caption").Single().Value);
        Assert.Equal(
            ["layer", "position 0 “The”", "position 1 “·capital”", "position 2 “·of”", "position 3 “·Spain”", "position 4 “·is”"],
            table.Named("th").Where(cell => cell.Attribute("scope")!.Value == "col").Select(cell => cell.Value));
        Assert.Equal("layer 50.0020.0020.0020.0020.998", table.Named("tr").Last().Value);
    }

    [Fact]
    public void HeadsHaveTheirTopList()
    {
        var picture = Tables.OfHeads(-4, Tables.Values(6, 4, (layer, head) => (layer, head) is (3, 2) ? 3.75 : (layer, head) is (1, 0) ? -6 : -4)).HeatMap();
        var texts = Parsed.Of(picture.ToSvg()).Texts().ToList();
        var at = texts.IndexOf("furthest from clean");
        Assert.Equal(["layer 3, head 2", "3.75", "+7.75", "layer 1, head 0", "−6", "−2"], texts[(at + 1)..(at + 7)]);
        Assert.EndsWith("  1. layer 3, head 2, 3.75, +7.75\n  2. layer 1, head 0, −6, −2\n", picture.ToText(), StringComparison.Ordinal);
        Assert.DoesNotContain("furthest from clean", Parsed.Of(Swap().HeatMap().ToSvg()).Texts());
        Assert.Contains("furthest from clean", Parsed.Of(Swap().HeatMap(top: 3).ToSvg()).Texts());
    }

    [Fact]
    public void PanelsShareOneScaleAroundTheirOwnCleanValues()
    {
        var picture = Tables.OfHeads(1, new[,] { { 1.0, 3 } }).HeatMap().Beside(Tables.OfHeads(-1, new[,] { { -1.0, 0 } }).HeatMap());
        var svg = Parsed.Of(picture.ToSvg());
        Assert.Equal(["p0", "p16", "p0", "p8"], new[] { "0,0,0", "0,0,1", "1,0,0", "1,0,1" }.Select(svg.ColourAt));
        Assert.Subset(svg.Texts().ToHashSet(), new HashSet<string> { "clean 1", "clean −1", "+2" });
        Assert.Equal(2, picture.ToText().Split("clean").Length - 1);
    }

    [Fact]
    public void ComponentsSideBySideSayWhichTheyAreAndShareTheirOwnScale()
    {
        var scale = ColourScale.Sequential(0.2, 1);
        var (block, mlp) = (Tables.OfHeads(1, new[,] { { 0.2, 1.0 } }), Tables.OfHeads(1, new[,] { { 0.1, 0.6 } }));
        var picture = block.HeatMap(0, "block output", scale).Beside(mlp.HeatMap(0, "MLP output", scale));
        var svg = Parsed.Of(picture.ToSvg());
        Assert.Equal("block output | MLP output", picture.Title);
        Assert.Equal(["s0", "s16", "s0", "s8"], new[] { "0,0,0", "0,0,1", "1,0,0", "1,0,1" }.Select(svg.ColourAt));
        Assert.Subset(svg.Texts().ToHashSet(), new HashSet<string> { "block output", "MLP output", "0.2", "1" });
        Assert.DoesNotContain("clean", picture.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void TheOnlyColumnOfAnAxisHasItsMetricInTheTitleAlone()
    {
        var metric = Metric.Probability(" Rome");
        var list = Tables.Of([(metric, 0, new[,] { { 0.5 }, { 1 } })], Tables.Layers(2), [new AxisPoint<string>("value", metric.Name)]);
        Assert.DoesNotContain(metric.Name, Parsed.Of(list.HeatMap(title: "MLP output").ToSvg()).Texts());
        Assert.Contains("0", Parsed.Of(Tables.Of([(metric, 0, new[,] { { 0.5 }, { 1 } })], Tables.Layers(2), Tables.Layers(1)).HeatMap().ToSvg()).Texts());
    }

    [Fact]
    public void AllMetricsOfASweepStandSideBySide()
    {
        var table = Tables.Of(
            [(Metric.Probability(" Rome"), 0, new[,] { { 0.5, 1 } }), (Metric.Probability(" Madrid"), 1, new[,] { { 1.0, 0 } })],
            Tables.Layers(1),
            Tables.Layers(2));
        Assert.Equal("p(\" Rome\") | p(\" Madrid\")", table.HeatMaps().Title);
        Assert.Equal(["p8", "n16"], new[] { "0,0,0", "1,0,1" }.Select(Parsed.Of(table.HeatMaps().ToSvg()).ColourAt));
    }

    [Fact]
    public void SixtyFourTokensScrollInsteadOfSqueezing()
    {
        var tokens = Enumerable.Range(0, 64).Select(token => $" word{token}").ToArray();
        var page = Parsed.Of(Tables.OfTokens(0, Tables.Values(12, 64, (row, column) => row * column), tokens).HeatMap().ToHtml());
        var svg = page.Named("svg").Single();
        Assert.True((int)svg.Attribute("width")! > 64 * 22);
        Assert.All(svg.Named("g"), cell => Assert.True((double)cell.Named("rect").Single().Attribute("width")! >= 22));
        Assert.Equal("scroll", svg.Parent!.Attribute("class")!.Value);
    }

    [Fact]
    public void ProbabilitiesOfYourOwnHaveASequentialScale()
    {
        var picture = HeatMap.Of("attention", new[,] { { 1.0, 0, double.NaN }, { 0.25, 0.75, 2 } }, ["a", "b"], ["a", "b", "c"], ColourScale.Sequential());
        var svg = Parsed.Of(picture.ToSvg());
        Assert.Equal(["s16", "s0", "s0", "s4", "s12", "s16"], new[] { "0,0,0", "0,0,1", "0,0,2", "0,1,0", "0,1,1", "0,1,2" }.Select(svg.ColourAt));
        Assert.Equal("a, c: NaN", svg.SaysAt("0,0,2"));
        Assert.Single(svg.Named("path")); // a cross where there is no number
        Assert.Throws<ArgumentException>(() => picture.Beside(Swap().HeatMap()));
        Assert.Throws<ArgumentException>(() => HeatMap.Of("", new double[2, 2], ["a"], ["b", "c"], ColourScale.Sequential()));
    }

    [Fact]
    public void TheTerminalShadesAndColoursWhatDiffersFromClean()
    {
        var table = Swap();
        Assert.Contains("██ 1.00", table.HeatMap().ToText(), StringComparison.Ordinal);
        Assert.Contains("·Spain", table.HeatMap().ToText(), StringComparison.Ordinal);
        Assert.Equal(3, table.HeatMap().ToText(colours: true).Split("\e[48;2;255;192;138;30m").Length - 1);
        Assert.Equal(table.HeatMap().ToText(), table.HeatMap().ToString());
    }

    private static SweepTable Swap() => Tables.OfTokens(0.002, Tables.Values(6, 5, (row, column) => row > 2 && column == 4 ? 0.998 : 0.002), Tables.Tokens);
}
