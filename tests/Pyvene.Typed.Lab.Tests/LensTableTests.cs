namespace Pyvene.Typed.Lab.Tests;

public sealed class LensTableTests
{
    private static LensTable Any => LensTable.Of(
        "logit lens",
        ["layer 0", "layer 1"],
        [" Spain", "</script>"],
        new LensCell[,] { { new("<b>", 0.25, 40), new("\n", 0.5, 3) }, { new(" is", 0.9987, 0), new(" Madrid", 1, 0) } },
        "“ Madrid”");

    [Fact]
    public void EveryCellHasItsTokenItsProbabilityAndItsRank()
    {
        var svg = Parsed.Of(Any.ToSvg());
        Assert.Equal(["s4", "s8", "s16", "s16"], new[] { "0,0,0", "0,0,1", "0,1,0", "0,1,1" }.Select(svg.ColourAt));
        Assert.Equal("layer 0, position 0 “·Spain”: “<b>” 0.25, rank 40", svg.SaysAt("0,0,0"));
        Assert.Equal("layer 1, position 1 “</script>”: “·Madrid” 1, rank 0", svg.SaysAt("0,1,1"));
        Assert.Subset(svg.Texts().ToHashSet(), new HashSet<string> { "·Spain", "</script>", "⏎", "0.25 · 40", "layer", "0", "1" });
        Assert.Contains("rank of “ Madrid”", string.Join('|', svg.Texts()), StringComparison.Ordinal);
        Assert.Single(Any.ToHtml().Split("</script>")[1..]);
        Parsed.Of(Any.ToHtml());
    }

    [Fact]
    public void LettersOnStrongColoursTurn()
    {
        var texts = Parsed.Of(Any.ToSvg()).Named("text").ToLookup(text => text.Value, text => text.Attribute("class")!.Value);
        Assert.Equal("code", texts["⏎"].Single());
        Assert.Equal("code on-strong", texts["·Madrid"].Single());
    }

    [Fact]
    public void WithoutRanksNoneIsSpokenOf()
    {
        var picture = LensTable.Of("lens", ["layer 0"], ["a"], new LensCell[,] { { new(" b", 0.5) } });
        Assert.DoesNotContain("rank", picture.ToHtml(), StringComparison.Ordinal);
        Assert.Equal("lens\nlayer    a\nlayer 0  “·b” 0.5\n", picture.ToText());
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        Assert.Throws<ArgumentException>(() => LensTable.Of("", ["layer 0"], ["a", "b"], new LensCell[,] { { new("a", 0.5) } }));
        Assert.Throws<ArgumentException>(() => LensTable.Of("", ["layer 0"], ["a"], new LensCell[,] { { null! } }));
        var error = Assert.Throws<ArgumentException>(() => LensTable.Of("", ["layer 0"], ["a"], new LensCell[,] { { new("a", 1.5) } }));
        Assert.StartsWith("A cell has a probability of 0 to 1 and a rank of at least 0, but one is “a” 1.5", error.Message, StringComparison.Ordinal);
    }
}
