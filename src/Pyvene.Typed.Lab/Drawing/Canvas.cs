using System.Security.Cryptography;

namespace Pyvene.Typed.Lab;

/// <summary>Takes the shapes of a picture and returns them as SVG, with the colours of light and dark pages. It grows with what is drawn.</summary>
internal sealed class Canvas
{
    private const double Margin = 16;
    private readonly Markup body = new();
    private readonly HashSet<string> colours = new(StringComparer.Ordinal);
    private double width = 240;
    private double height = 40;

    /// <summary>Draws a rectangle.</summary>
    /// <param name="x">Its left edge, in pixels.</param>
    /// <param name="y">Its upper edge.</param>
    /// <param name="w">Its width.</param>
    /// <param name="h">Its height.</param>
    /// <param name="colour">The class of a colour of <see cref="Palette"/>, or <c>frame</c>, <c>bar</c>, <c>none</c> of the page's style.</param>
    /// <param name="mark">What it says when it is chosen; <see langword="null"/> = it cannot be.</param>
    /// <param name="text">A text upon it, in its middle.</param>
    /// <param name="note">A smaller text below that.</param>
    public void Rectangle(double x, double y, double w, double h, string colour, Mark? mark = null, string? text = null, string? note = null)
    {
        Reach(x + w, y + h);
        Use(colour);
        if (mark is not { } chosen)
        {
            body.Leaf("rect", ("x", x), ("y", y), ("width", w), ("height", h), ("class", colour));
            return;
        }

        body.Open("g", ("class", "m"), ("data-at", FormattableString.Invariant($"{chosen.Panel},{chosen.Row},{chosen.Column}")));
        if (chosen.Says is { } says) body.Element("title", says);
        body.Leaf("rect", ("x", x), ("y", y), ("width", w), ("height", h), ("class", colour));
        var strong = IsStrong(colour) ? " on-strong" : "";
        if (text is not null) Words(x + (w / 2), y + (h / 2) + (note is null ? 4.5 : -1.5), text, "code" + strong, "middle", 0);
        if (note is not null) Words(x + (w / 2), y + (h / 2) + 12, note, "note" + strong, "middle", 0);
        body.Close();
    }

    /// <summary>Draws a text.</summary>
    /// <param name="x">Where it begins, ends or has its middle.</param>
    /// <param name="y">Its base line.</param>
    /// <param name="text">The text; it is escaped.</param>
    /// <param name="kind">The classes of its style: <c>title</c>, <c>label</c>, <c>quiet</c>, <c>code</c>, or a line's colour.</param>
    /// <param name="anchor">What stands at x: <c>start</c>, <c>middle</c> or <c>end</c>.</param>
    /// <param name="turn">By how many degrees it is turned clockwise.</param>
    public void Text(double x, double y, string text, string kind, string anchor = "start", double turn = 0)
    {
        foreach (var part in kind.Split(' ')) Use(part);
        var length = VisibleText.Width(text) * (kind.Contains("title", StringComparison.Ordinal) ? 8.6 : 7.3);
        if (turn == 0) Reach(anchor switch { "start" => x + length, "middle" => x + (length / 2), _ => x }, y + 4);
        Words(x, y, text, kind, anchor, turn);
    }

    /// <summary>Draws a line through points.</summary>
    /// <param name="path">The points, in the words of SVG: <c>M0 0L10 5</c>.</param>
    /// <param name="kind">The classes of its style.</param>
    public void Line(string path, string kind)
    {
        foreach (var part in kind.Split(' ')) Use(part);
        body.Leaf("path", ("d", path), ("class", kind + " line"));
    }

    /// <summary>Draws a dot.</summary>
    public void Dot(double x, double y, string kind)
    {
        Use(kind);
        body.Leaf("circle", ("cx", x), ("cy", y), ("r", 2.6), ("class", kind));
    }

    /// <summary>
    /// Draws values that are too many for rectangles, of 8 bits each: from what lies below (0) to a colour (255). Pointers see what lies below.
    /// </summary>
    /// <param name="x">Its left edge, in pixels.</param>
    /// <param name="y">Its upper edge.</param>
    /// <param name="scale">How many pixels a value is wide and high.</param>
    /// <param name="values">The values, [row, column].</param>
    /// <param name="colour">The class of a colour of <see cref="Palette"/>.</param>
    public void Image(double x, double y, int scale, byte[,] values, string colour)
    {
        var (w, h) = (values.GetLength(1) * scale, values.GetLength(0) * scale);
        Reach(x + w, y + h);
        Use(colour);
        var png = Png.Of(values);

        // A mask takes the colour of the page's theme. Its name is that of its contents, so that pictures in one page do not take each other's.
        var name = "image-" + Convert.ToHexStringLower(SHA256.HashData(png))[..16];
        body.Open("mask", ("id", name), ("maskUnits", "userSpaceOnUse"), ("x", x), ("y", y), ("width", w), ("height", h))
            .Leaf(
                "image",
                ("x", x),
                ("y", y),
                ("width", w),
                ("height", h),
                ("style", "image-rendering:pixelated"),
                ("href", "data:image/png;base64," + Convert.ToBase64String(png)))
            .Close()
            .Leaf("rect", ("x", x), ("y", y), ("width", w), ("height", h), ("class", colour), ("mask", $"url(#{name})"), ("pointer-events", "none"));
    }

    /// <summary>Makes the picture at least so large.</summary>
    public void Reach(double right, double below) => (width, height) = (Math.Max(width, right), Math.Max(height, below));

    /// <summary>Returns the picture.</summary>
    /// <param name="title">What it is, for those who do not see it.</param>
    public string ToSvg(string title)
    {
        var (wide, high) = (Math.Ceiling(width + Margin), Math.Ceiling(height + Margin));
        return new Markup()
            .Open(
                "svg",
                ("xmlns", "http://www.w3.org/2000/svg"),
                ("viewBox", FormattableString.Invariant($"0 0 {wide} {high}")),
                ("width", wide),
                ("height", high),
                ("role", "img"),
                ("aria-label", title))
            .Element("style", Page.DrawingStyle + Palette.Style(colours))
            .Leaf("rect", ("class", "paper"), ("width", wide), ("height", high))
            .Add(body)
            .Close()
            .ToString();
    }

    private void Words(double x, double y, string text, string kind, string anchor, double turn) => body.Element(
        "text",
        text,
        ("x", x),
        ("y", y),
        ("class", kind),
        ("text-anchor", anchor == "start" ? null : anchor),
        ("transform", turn == 0 ? null : FormattableString.Invariant($"rotate({turn} {Math.Round(x, 2)} {Math.Round(y, 2)})")));

    private void Use(string colour)
    {
        if (colour.Length > 1 && char.IsAsciiDigit(colour[1])) colours.Add(colour);
    }

    private static bool IsStrong(string colour) => colour.Length > 1 && int.TryParse(colour.AsSpan(1), out var level) && level >= Palette.StrongLevel;
}
