namespace Pyvene.Typed.Lab;

/// <summary>Puts a picture into a page that needs nothing beside itself: its drawing, what it says of the chosen part, and its numbers as a table.</summary>
internal static class Page
{
    /// <summary>The style of every drawing but for its colours; it also holds where the drawing stands alone.</summary>
    public const string DrawingStyle =
        "text{font:12px system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',sans-serif;fill:#1d2126;white-space:pre}"
        + "text.title{font-size:14px;font-weight:600}text.quiet{fill:#6b7178}"
        + "text.note{font-size:10px}"
        + "text.code{font-family:ui-monospace,'SF Mono',Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace}"
        + ".paper{fill:#fff}.m rect{stroke:#fff;stroke-width:1}.m .none,.none{fill:transparent;stroke:none}"
        + ".line{fill:none;stroke-width:1.6;stroke-linejoin:round}"
        + ".axis{stroke:#b9bbb6;stroke-width:1}.grid{stroke:#ebebe7;stroke-width:1}.thin{stroke-width:1;opacity:.45}.dash{stroke-dasharray:6 3}"
        + ".dots{stroke-dasharray:2 3}.cross{stroke:#8a8f96;stroke-width:1}text.on-strong{fill:#fff}.m.on rect{stroke:#1d2126;stroke-width:2}"
        + ".m.on .none{fill:#1d2126;fill-opacity:.07;stroke:none}"
        + "@media (prefers-color-scheme:dark){text{fill:#e6e4df}text.quiet{fill:#9aa0a8}.paper{fill:#15171b}.m rect{stroke:#15171b}"
        + ".axis{stroke:#555b64}.grid{stroke:#2a2e35}.cross{stroke:#8a8f96}text.on-strong{fill:#14161a}.m.on rect{stroke:#f4f2ec}"
        + ".m.on .none{fill:#fff;stroke:none}}";

    private static readonly Lazy<string> Style = new(() => Resource("page.css"));
    private static readonly Lazy<string> Script = new(() => Resource("page.js"));

    /// <summary>Returns the page.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="svg">The drawing.</param>
    /// <param name="tables">The numbers.</param>
    public static string Of(string title, string svg, IReadOnlyList<DataTable> tables)
    {
        var head = new Markup()
            .Leaf("meta", ("charset", "utf-8"))
            .Leaf("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"))
            .Leaf("meta", ("name", "color-scheme"), ("content", "light dark"))
            .Element("title", title);
        var table = new Markup().Open("details").Element("summary", "The numbers as a table");
        foreach (var one in tables) one.WriteTo(table);
        table.Close();

        // The style, the script and the drawing are ours, escaped where they hold a user's text; they would not survive a second escape.
        return $"""
            <!DOCTYPE html>
            <html lang="en"><head>{head}<style>{Style.Value}</style></head>
            <body><figure>
            <div class="scroll" tabindex="0" role="group" aria-label="Picture: move with the arrow keys, copy as text with Ctrl+C">{svg}</div>
            <output class="idle" aria-live="polite">Point at a part, or move with the arrow keys; a click locks; Ctrl+C copies the numbers.</output>
            {table}</figure>
            <script>{Script.Value}</script></body></html>

            """;
    }

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(Page).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
