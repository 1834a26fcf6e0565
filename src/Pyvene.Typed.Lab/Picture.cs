using System.Diagnostics;
using System.Diagnostics.Contracts;
using Pyvene.Typed.Checkpoints;

namespace Pyvene.Typed.Lab;

/// <summary>
/// Is a picture of a result: as a page, as a drawing, and as text for a terminal. A page is one file that needs no other and no network. Immutable.
/// </summary>
public abstract class Picture
{
    private protected Picture(string title) => Title = VisibleText.Of(title);

    /// <summary>Gets what the picture shows.</summary>
    public string Title { get; }

    /// <summary>Gets the numbers of the picture.</summary>
    internal abstract IReadOnlyList<DataTable> Tables { get; }

    /// <summary>Returns the picture as a page: HTML with its drawing, its script and its numbers as a table, light or dark as the reader's system is.</summary>
    [Pure]
    public string ToHtml() => Page.Of(Title, ToSvg(), Tables);

    /// <summary>Returns the picture as SVG, which stands alone or in a page.</summary>
    [Pure]
    public string ToSvg()
    {
        var canvas = new Canvas();
        Draw(canvas);
        return canvas.ToSvg(Title);
    }

    /// <summary>Returns the picture as text of a fixed width.</summary>
    /// <param name="colours">Whether it has the colours of a terminal (24 bits, ANSI).</param>
    [Pure]
    public abstract string ToText(bool colours = false);

    /// <summary>Writes the page to a file.</summary>
    /// <param name="path">A file that ends in <c>.html</c> or <c>.htm</c>; an existing one is replaced at once or not at all.</param>
    /// <exception cref="ArgumentException">The ending is another.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveHtml(string path) => Save(path, ToHtml(), ".html", ".htm");

    /// <summary>Writes the drawing to a file.</summary>
    /// <param name="path">A file that ends in <c>.svg</c>; an existing one is replaced at once or not at all.</param>
    /// <exception cref="ArgumentException">The ending is another.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveSvg(string path) => Save(path, ToSvg(), ".svg");

    /// <summary>
    /// Shows the picture. Where a person sits before a screen, the page opens in the browser, from a file of the system's temporary folder whose path is
    /// printed. Anywhere else (on a server, over SSH, in a notebook, in a test, where the output goes to a file) it is printed as text.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Show()
    {
        if (!Screen.IsHere || !TryOpen()) Console.Out.WriteLine(ToText(Screen.HasColours));
    }

    /// <summary>Returns the picture as text without colours.</summary>
    public sealed override string ToString() => ToText();

    /// <summary>Draws the picture.</summary>
    internal abstract void Draw(Canvas canvas);

    private static void Save(string path, string text, params ReadOnlySpan<string> endings)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"The file must end in {string.Join(" or ", endings.ToArray())}, but '{path}' does not.", nameof(path));
        }

        WholeFile.Write(path, text);
    }

    private bool TryOpen()
    {
        var path = Path.Combine(Path.GetTempPath(), $"picture-{Guid.NewGuid():N}.html");
        SaveHtml(path);
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(path) { UseShellExecute = true });
            Console.Out.WriteLine(path);
            return true;
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            File.Delete(path);
            return false; // no program opens pages here
        }
    }
}
