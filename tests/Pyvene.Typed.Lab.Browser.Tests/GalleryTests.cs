using Microsoft.Playwright;
using Pyvene.Typed.Tests;
using static Microsoft.Playwright.Assertions;

namespace Pyvene.Typed.Lab.Browser.Tests;

/// <summary>Every view in Chromium; the same code makes the screenshots of docs/pictures.md, where the variable WRITE_PICTURES is 1.</summary>
[Collection(Chromium.Name)]
public sealed class GalleryTests(Browser browser)
{
    private const int MostBytes = 150_000;
    private static readonly string Folder = Path.Combine(Repository.Root, "docs", "pictures");

    // The texts that do not stand whole within the drawing, and those that stand upon each other.
    private const string Misplaced =
        """
        () => {
          const paper = document.querySelector('svg').getBoundingClientRect();
          const texts = [...document.querySelectorAll('svg text')].filter(text => text.textContent);
          const boxes = texts.map(text => text.getBoundingClientRect()), turned = texts.map(text => /rotate.-[1-8]/.test(text.getAttribute('transform')));
          const out = texts.filter((_, at) => boxes[at].left < paper.left || boxes[at].right > paper.right
            || boxes[at].top < paper.top || boxes[at].bottom > paper.bottom);
          const over = texts.filter((_, at) => !turned[at] && boxes.some((box, other) => other < at && !turned[other]
            && box.left < boxes[at].right - 2 && box.right > boxes[at].left + 2 && box.top < boxes[at].bottom - 4 && box.bottom > boxes[at].top + 4));
          return [...out.map(text => 'outside: ' + text.textContent), ...over.map(text => 'over another: ' + text.textContent)];
        }
        """;

    [BrowserFact]
    public async Task EveryViewIsWholeInBothThemesAndAnswersThePointerAndTheKeys()
    {
        foreach (var (name, picture) in Gallery.Draw())
        {
            await using var open = await browser.Open(picture);
            Assert.Equal([], (await open.Page.EvaluateAsync<string[]>(Misplaced)).Select(text => $"{name}: {text}"));
            await open.Page.Keyboard.PressAsync("Tab");
            await open.Page.Keyboard.PressAsync("ArrowRight");
            await Expect(open.At("0,0,0")).ToHaveClassAsync("m on");
            var first = await open.Says.TextContentAsync();
            await open.Page.Keyboard.PressAsync("Escape");
            await open.At("0,0,0").HoverAsync();
            await Expect(open.Says).ToHaveTextAsync(first!);
            await open.Page.Mouse.MoveAsync(1, 1);
            await Keep(open, $"{name}.png");
            await open.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
            if (name == "positions") await Keep(open, $"{name}-dark.png");
            Assert.InRange(
                Contrast(
                    await OpenPicture.Style(open.Page.Locator("text.title").First, "fill"), await OpenPicture.Style(open.Page.Locator("rect.paper"), "fill")),
                7,
                21);

            Assert.Empty(open.Requests);
            Assert.Empty(open.Errors);
        }
    }

    [BrowserFact]
    public async Task ACellOfALargePatternOfAttentionSaysWhatItsTableHolds()
    {
        const int Places = 40;
        var weights = TorchSharp.torch.eye(Places).reshape(1, 1, Places, Places);
        await using var open = await browser.Open(AttentionPicture.Of("large", weights, [.. Enumerable.Range(0, Places).Select(place => $" <{place}>")]));
        await open.At("1,39,39").ScrollIntoViewIfNeededAsync();
        await open.At("1,39,39").HoverAsync();
        await Expect(open.Says).ToHaveTextAsync("from 39 “·<39>”, to 39 “·<39>”: 1");
        await open.At("1,39,0").HoverAsync();
        await Expect(open.Says).ToHaveTextAsync("from 39 “·<39>”, to 0 “·<0>”: 0");
        await open.At("0,0,0").HoverAsync(); // the image lies over it, but takes no pointer
        await Expect(open.Says).ToHaveTextAsync("layer 0, head 0: most from 0 “·<0>” to 0 “·<0>”: 1");
        Assert.Empty(open.Errors);
    }

    private static async Task Keep(OpenPicture open, string name)
    {
        var shot = await open.Page.Locator("svg").ScreenshotAsync();
        Assert.True(shot.Length is > 2_000 and < MostBytes, $"{name}: {shot.Length} bytes");
        var path = Path.Combine(Folder, name);
        if (Environment.GetEnvironmentVariable("WRITE_PICTURES") == "1")
        {
            Directory.CreateDirectory(Folder);
            await File.WriteAllBytesAsync(path, shot);
        }

        Assert.True(File.Exists(path), $"docs/pictures/{name} is missing; run the tests with WRITE_PICTURES=1.");
    }

    // That of two colours (WCAG 2.2), as rgb(…).
    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);

        static double Luminance(string colour)
        {
            var parts = colour[4..^1].Split(',').Select(part => double.Parse(part) / 255)
                .Select(part => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4)).ToArray();
            return (0.2126 * parts[0]) + (0.7152 * parts[1]) + (0.0722 * parts[2]);
        }
    }
}
