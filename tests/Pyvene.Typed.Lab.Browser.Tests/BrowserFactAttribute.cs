namespace Pyvene.Typed.Lab.Browser.Tests;

/// <summary>A test in Chromium: skipped where there is none, but never under CI, where it fails.</summary>
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (Browser.Installed is null && !Browser.IsRequired) Skip = "There is no Chromium here; install it, or name one in the variable CHROMIUM.";
    }
}
