using Microsoft.Playwright;

namespace Pyvene.Typed.Lab.Browser.Tests;

/// <summary>The system's Chromium, started once for all tests.</summary>
public sealed class Browser : IAsyncLifetime
{
    private IPlaywright? driver;
    private IBrowser? browser;

    private static readonly string? Named = Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } path ? path : null;

    /// <summary>Gets where Chromium lies, which the variable <c>CHROMIUM</c> may say; <see langword="null"/> where there is none.</summary>
    public static string? Installed { get; } =
        (Named is null ? ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"] : new[] { Named }).FirstOrDefault(File.Exists);

    /// <summary>Gets whether it must be there: under CI, and where the variable names one.</summary>
    public static bool IsRequired => Named is not null || Environment.GetEnvironmentVariable("CI") == "true";

    public async Task InitializeAsync()
    {
        if (Installed is null && !IsRequired) return; // the tests are skipped
        var path = Installed ?? throw new InvalidOperationException(
            $"The pictures are tested in Chromium, but there is none at {Named ?? "/usr/bin/chromium"}. Install it (Debian: apt-get install chromium), "
                + "or say in the variable CHROMIUM where it lies.");
        driver = await Playwright.CreateAsync();
        browser = await driver.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
    }

    public async Task DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        driver?.Dispose();
    }

    /// <summary>Opens a picture as a reader would, from a file, and watches what it asks the network for.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="scheme">Whether the reader's system is light or dark.</param>
    internal async Task<OpenPicture> Open(Picture picture, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await browser!.NewContextAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = 1100, Height = 700 } });
        var requests = new List<string>();
        var errors = new List<string>();
        var folder = Directory.CreateTempSubdirectory("picture-");
        var path = Path.Combine(folder.FullName, "picture.html");
        picture.SaveHtml(path);
        await context.RouteAsync(url => !url.StartsWith("file://" + path, StringComparison.Ordinal), route =>
        {
            requests.Add(route.Request.Url);
            return route.AbortAsync();
        });
        var page = await context.NewPageAsync();
        page.Console += (_, message) => errors.Add(message.Text);
        page.PageError += (_, error) => errors.Add(error);
        await page.GotoAsync("file://" + path);
        return new(context, page, folder, requests, errors);
    }
}
