using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Pyvene.Typed.Lab.Browser.Tests;

/// <summary>What every page does, seen in Chromium.</summary>
[Collection(Chromium.Name)]
public sealed class PageTests(Browser browser)
{
    private const string Hint = "Point at a part, or move with the arrow keys; a click locks; Ctrl+C copies the numbers.";

    private static HeatMap Map => HeatMap.Of(
        "effect",
        new[,] { { 0.0, 0.123456, 0.5 }, { -0.25, -1.0, 0.998877 } },
        ["layer 0", "layer 1"],
        ["The", "</script><b>", " capital"],
        ColourScale.Around(0, 1, 1e-6));

    private static TokenPicture Hostile => TokenPicture.Of(
        "tokens",
        [
            new("</script><b>", null, null, []),
            new("<img src=x onerror=alert(1)>", Math.Log(0.5), 1, [new("<b>", 3, 0.5f)]),
            new("\n", Math.Log(0.25), 2, []),
            new(" end", 0, 0, []),
        ]);

    [BrowserFact]
    public async Task PointingShowsThePlaceAndThreeDigitsAndLeavingTheHint()
    {
        await using var open = await browser.Open(Map);
        await Expect(open.Says).ToHaveTextAsync(Hint);
        await open.At("0,0,1").HoverAsync();
        await Expect(open.Says).ToHaveTextAsync("layer 0, </script><b>: 0.123 (+0.123 from clean)");
        await Expect(open.At("0,0,1")).ToHaveClassAsync("m on");
        await open.At("0,1,2").HoverAsync();
        await Expect(open.Says).ToHaveTextAsync("layer 1,  capital: 0.999 (+0.999 from clean)");
        await Expect(open.At("0,0,1")).ToHaveClassAsync("m");
        await open.Page.Mouse.MoveAsync(5, 690);
        await Expect(open.Says).ToHaveTextAsync(Hint);
        Assert.Empty(open.Errors);
    }

    [BrowserFact]
    public async Task AClickLocksAnotherMovesTheLockAndASecondOnTheSameFreesIt()
    {
        await using var open = await browser.Open(Map);
        await open.At("0,1,1").ClickAsync();
        await Expect(open.Says).ToHaveClassAsync("locked");
        await open.At("0,0,0").HoverAsync();
        await Expect(open.Says).ToHaveTextAsync("layer 1, </script><b>: −1 (−1 from clean)");
        await open.At("0,0,0").ClickAsync();
        await Expect(open.Says).ToHaveTextAsync("layer 0, The: 0 (as clean)");
        await open.At("0,0,0").ClickAsync();
        await Expect(open.Says).Not.ToHaveClassAsync("locked");
        await open.At("0,1,0").HoverAsync();
        await Expect(open.Says).ToHaveTextAsync("layer 1, The: −0.25 (−0.25 from clean)");
        await open.At("0,1,0").ClickAsync();
        await open.Page.Keyboard.PressAsync("Escape");
        await Expect(open.Says).ToHaveTextAsync(Hint);
        Assert.Empty(open.Errors);
    }

    [BrowserFact]
    public async Task TheArrowKeysMoveOverCellsPanelsAndLines()
    {
        await using var open = await browser.Open(Map.Beside(HeatMap.Of(
            "other", new[,] { { 0.5 }, { 0.25 } }, ["layer 0", "layer 1"], ["x"], ColourScale.Around(0, 1))));
        await open.Page.Keyboard.PressAsync("Tab");
        await Press("ArrowRight", "0,0,0");
        await Press("ArrowDown", "0,1,0");
        await Press("ArrowRight", "0,1,1");
        await Press("ArrowRight", "0,1,2");
        await Press("ArrowRight", "1,1,0"); // the same row of the panel beside it
        await Press("ArrowLeft", "0,1,2");
        await Press("ArrowUp", "0,0,2");
        await Press("ArrowUp", "0,0,2");
        Assert.Empty(open.Errors);

        async Task Press(string key, string place)
        {
            await open.Page.Keyboard.PressAsync(key);
            Assert.Equal(place, await open.Page.Locator(".on").GetAttributeAsync("data-at"));
        }
    }

    [BrowserFact]
    public async Task LinesOfTokensAreWalkedThroughToTheirEnds()
    {
        await using var open = await browser.Open(Hostile);
        await open.Page.Keyboard.PressAsync("Tab");
        foreach (var place in new[] { "0,0,0", "0,0,1", "0,0,2", "0,1,0", "0,1,0" })
        {
            await open.Page.Keyboard.PressAsync("ArrowRight");
            Assert.Equal(place, await open.Page.Locator(".on").GetAttributeAsync("data-at"));
        }

        await open.Page.Keyboard.PressAsync("ArrowLeft");
        Assert.Equal("0,0,2", await open.Page.Locator(".on").GetAttributeAsync("data-at"));
        Assert.Empty(open.Errors);
    }

    [BrowserFact]
    public async Task CopyGivesTheNumbersAsText()
    {
        await using var open = await browser.Open(Map);
        await open.Page.EvaluateAsync("document.addEventListener('copy', event => { window.copied = event.clipboardData.getData('text/plain'); })");
        await open.Page.Keyboard.PressAsync("Tab");
        await open.Page.Keyboard.PressAsync("Control+c");
        Assert.Equal(
            "effect, clean 0\nlayer\tThe\t</script><b>\t capital\nlayer 0\t0\t0.123\t0.5\nlayer 1\t−0.25\t−1\t0.999\n",
            await open.Page.EvaluateAsync<string>("window.copied"));
        await Expect(open.Says).ToHaveTextAsync("Copied as text.");
        await open.Page.EvaluateAsync("getSelection().selectAllChildren(document.querySelector('output'))");
        await open.Page.Keyboard.PressAsync("Control+c");
        Assert.Equal("", await open.Page.EvaluateAsync<string>("window.copied")); // what the reader chose, which the browser copies itself
        Assert.Empty(open.Errors);
    }

    [BrowserFact]
    public async Task LightAndDarkFollowTheReadersSystem()
    {
        foreach (var (scheme, paper, words, strong, blank) in new[]
        {
            (ColorScheme.Light, "rgb(255, 255, 255)", "rgb(29, 33, 38)", "rgb(10, 58, 124)", "rgb(243, 243, 239)"),
            (ColorScheme.Dark, "rgb(21, 23, 27)", "rgb(230, 228, 223)", "rgb(166, 208, 255)", "rgb(35, 38, 44)"),
        })
        {
            await using var open = await browser.Open(Map, scheme);
            Assert.Equal(paper, await OpenPicture.Style(open.Page.Locator("body"), "background-color"));
            Assert.Equal(paper, await OpenPicture.Style(open.Page.Locator("rect.paper"), "fill"));
            Assert.Equal(words, await OpenPicture.Style(open.Page.Locator("text.title"), "fill"));
            Assert.Equal(strong, await OpenPicture.Style(open.At("0,1,1").Locator("rect"), "fill")); // −1, the far end
            Assert.Equal(blank, await OpenPicture.Style(open.At("0,0,0").Locator("rect"), "fill")); // the clean value
        }
    }

    [BrowserFact]
    public async Task ATokenIsTextAndNeverMarkupNorScript()
    {
        await using var open = await browser.Open(Hostile);
        Assert.Equal("</script><b>", await open.At("0,0,0").Locator("text").TextContentAsync());
        Assert.Equal("<img·src=x·onerror=alert(1)>", await open.At("0,0,1").Locator("text").TextContentAsync());
        Assert.Equal(0, await open.Page.Locator("b, img").CountAsync());
        Assert.Equal(1, await open.Page.Locator("script").CountAsync());
        Assert.Empty(open.Errors);
    }

    [BrowserFact]
    public async Task NothingIsAskedOfTheNetwork()
    {
        await using var open = await browser.Open(Map.Beside(Map));
        await open.At("1,1,1").ClickAsync();
        await open.Page.Locator("summary").ClickAsync();
        await open.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        Assert.Empty(open.Requests);
        Assert.Empty(open.Errors);
    }

    [BrowserFact]
    public async Task ReadersOfScreensFindTheTableByItsHeadings()
    {
        await using var open = await browser.Open(Map);
        Assert.Equal(0, await open.Page.GetByRole(AriaRole.Table).CountAsync()); // closed
        await open.Page.Locator("summary").ClickAsync();
        var table = open.Page.GetByRole(AriaRole.Table, new() { Name = "effect, clean 0" });
        await Expect(table).ToBeVisibleAsync();
        Assert.Equal(4, await table.GetByRole(AriaRole.Columnheader).CountAsync());
        Assert.Equal(2, await table.GetByRole(AriaRole.Rowheader).CountAsync());
        Assert.Equal(["0", "0.123", "0.5", "−0.25", "−1", "0.999"], await table.GetByRole(AriaRole.Cell).AllTextContentsAsync());
        await Expect(open.Page.GetByRole(AriaRole.Img, new() { Name = "effect", Exact = true })).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task AWideMapScrollsInItsOwnBoxAndTheKeyboardBringsItsEndIntoView()
    {
        string[] tokens = [.. Enumerable.Range(0, 64).Select(place => $" token{place}")];
        await using var open = await browser.Open(HeatMap.Of("wide", new double[2, 64], ["layer 0", "layer 1"], tokens, ColourScale.Around(0, 1)));
        Assert.True(await open.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "the page itself does not scroll sideways");
        Assert.True(await open.Page.EvaluateAsync<bool>("(box => box.scrollWidth > box.clientWidth)(document.querySelector('.scroll'))"));
        Assert.True((await open.At("0,0,0").BoundingBoxAsync())!.Width >= 20);
        await open.Page.Keyboard.PressAsync("Tab");
        foreach (var key in new[] { "ArrowRight", "ArrowDown", "ArrowLeft" }) await open.Page.Keyboard.PressAsync(key); // to the end of the line above
        Assert.Equal("0,0,63", await open.Page.Locator(".on").GetAttributeAsync("data-at"));
        var place = (await open.At("0,0,63").BoundingBoxAsync())!;
        Assert.InRange(place.X + place.Width, 0, 1100);
    }
}
