using Microsoft.Playwright;

namespace Pyvene.Typed.Lab.Browser.Tests;

/// <summary>A picture in a browser, until it is disposed of.</summary>
/// <param name="Context">The window of its own that it is in.</param>
/// <param name="Page">Its page.</param>
/// <param name="Folder">Where its file lies.</param>
/// <param name="Requests">What it asked the network for.</param>
/// <param name="Errors">What its script complained of.</param>
internal sealed record OpenPicture(IBrowserContext Context, IPage Page, DirectoryInfo Folder, List<string> Requests, List<string> Errors) : IAsyncDisposable
{
    /// <summary>Gets what stands below the drawing.</summary>
    public ILocator Says => Page.Locator("output");

    /// <summary>Gets the part at a place, such as <c>0,3,4</c>.</summary>
    public ILocator At(string place) => Page.Locator($"[data-at='{place}']").First;

    /// <summary>Returns a property of an element's style as the browser computes it.</summary>
    public static Task<string> Style(ILocator element, string property) =>
        element.EvaluateAsync<string>("(element, name) => getComputedStyle(element).getPropertyValue(name)", property);

    public async ValueTask DisposeAsync()
    {
        await Context.DisposeAsync();
        Folder.Delete(recursive: true);
    }
}
