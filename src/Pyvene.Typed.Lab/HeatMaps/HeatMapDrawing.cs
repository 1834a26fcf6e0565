namespace Pyvene.Typed.Lab;

/// <summary>Draws heat-maps side by side, with their axes, their scale and the list of their furthest cells.</summary>
internal sealed class HeatMapDrawing(Canvas canvas, IReadOnlyList<HeatMapPanel> panels, int top, int firstPanel = 0, bool areInTable = false)
{
    /// <summary>What stands above a list of cells.</summary>
    public const string TopHeading = "furthest from clean";

    /// <summary>What stands above a list of cells of a sequential scale, which has no clean value.</summary>
    public const string HighestHeading = "highest";

    /// <summary>What stands there where every cell is blank.</summary>
    public const string NothingDiffers = "no cell differs from clean by more than rounding";

    private const double Left = 20;
    private const double Gap = 40;
    private const double Letter = 7.3; // of 12 pixels in a font of fixed width

    /// <summary>Draws them.</summary>
    /// <param name="title">What stands above them all.</param>
    public void Draw(string title)
    {
        canvas.Text(Left, 30, title, "title");
        if (panels.Count == 1 && panels[0].Note.Length > 0) canvas.Text(Left, 48, panels[0].Note, "quiet");
        DrawScale(Left, panels.Count == 1 && panels[0].Note.Length > 0 ? 60 : 46);
        var x = Left;
        var y = panels.Count == 1 ? 118.0 : 138.0;
        for (var index = 0; index < panels.Count; index++)
        {
            var hasRows = index == 0 || !panels[index].Rows.Ticks.SequenceEqual(panels[index - 1].Rows.Ticks);
            x = DrawPanel(index, x, y, hasRows) + Gap;
        }
    }

    /// <summary>Draws the only panel below others of another kind, with its scale above it.</summary>
    public void DrawPattern(double x, double y)
    {
        DrawScale(x, y);
        DrawPanel(0, x, y + 44, hasRows: true);
    }

    private double DrawPanel(int index, double x, double y, bool hasRows)
    {
        var panel = panels[index];
        var (rows, columns) = (panel.Rows, panel.Columns);
        var width = Math.Clamp(Math.Round(520.0 / panels.Count / columns.Ticks.Count), 22, 58);
        var height = Math.Clamp(Math.Round(420.0 / rows.Ticks.Count), 18, 28);
        if (hasRows)
        {
            var label = rows.Ticks.Max(VisibleText.Width) * Letter;
            if (rows.Title.Length > 0)
            {
                canvas.Text(x + 10, y + (rows.Ticks.Count * height / 2), rows.Title, "quiet", "middle", -90);
                x += 22;
            }

            x += label + 8;
            for (var row = 0; row < rows.Ticks.Count; row++)
            {
                canvas.Text(x - 8, y + (row * height) + (height / 2) + 4, rows.Ticks[row], rows.AreTokens ? "code" : "label", "end");
            }
        }

        if (panels.Count > 1)
        {
            canvas.Text(x, y - 26, panel.Title, "label");
            canvas.Text(x, y - 10, panel.Note, "quiet");
        }

        for (var row = 0; row < rows.Ticks.Count; row++)
        {
            for (var column = 0; column < columns.Ticks.Count; column++)
            {
                var (left, above) = (x + (column * width), y + (row * height));
                var value = panel.Values[row, column];
                canvas.Rectangle(
                    left,
                    above,
                    width,
                    height,
                    panel.Scale.ClassOf(panel.Scale.Level(value)),
                    new Mark(firstPanel + index, row, column, areInTable ? null : panel.Says(row, column)));
                if (double.IsNaN(value)) canvas.Line(FormattableString.Invariant($"M{left + 6} {above + 5}L{left + width - 6} {above + height - 5}"), "cross");
            }
        }

        var below = y + (rows.Ticks.Count * height);
        DrawColumns(columns, x, below, width);
        var right = x + (columns.Ticks.Count * width);
        return top > 0 ? DrawTop(panel, right + 36, y) : Math.Max(right, panels.Count > 1 ? x + (VisibleText.Width(panel.Title) * Letter) : 0);
    }

    private void DrawColumns(AxisLabels columns, double x, double y, double width)
    {
        var longest = columns.Ticks.Max(VisibleText.Width) * Letter;
        var isTurned = longest > width - 4;
        for (var column = 0; column < columns.Ticks.Count; column++)
        {
            var middle = x + (column * width) + (width / 2);
            var kind = columns.AreTokens ? "code" : "label";
            if (isTurned) canvas.Text(middle + 4, y + 14, columns.Ticks[column], kind, "end", -50);
            else canvas.Text(middle, y + 17, columns.Ticks[column], kind, "middle");
        }

        var depth = isTurned ? (longest * 0.77) + 22 : 24;
        canvas.Reach(x, y + depth);
        if (columns.Title.Length > 0) canvas.Text(x + (columns.Ticks.Count * width / 2), y + depth + 14, columns.Title, "quiet", "middle");
    }

    /// <summary>Returns what stands above the list of a panel's cells.</summary>
    public static string HeadingOf(HeatMapPanel panel) => panel.Scale.IsSequential ? HighestHeading : TopHeading;

    private double DrawTop(HeatMapPanel panel, double x, double y)
    {
        var cells = panel.Furthest(top);
        canvas.Text(x, y + 4, cells.Count == 0 ? NothingDiffers : HeadingOf(panel), "quiet");
        var name = cells.Select(cell => Name(cell).Length).DefaultIfEmpty().Max() * Letter;
        for (var rank = 0; rank < cells.Count; rank++)
        {
            var (cell, line) = (cells[rank], y + 26 + (rank * 20));
            var value = panel.Values[cell.Row, cell.Column];
            canvas.Rectangle(x, line - 11, 12, 12, panel.Scale.ClassOf(panel.Scale.Level(value)));
            canvas.Text(x + 20, line, Name(cell), "label");
            canvas.Text(x + 20 + name + 60, line, Digits.Of(value), "label", "end");
            if (!panel.Scale.IsSequential) canvas.Text(x + 20 + name + 120, line, Digits.Signed(value - panel.Scale.Centre), "quiet", "end");
        }

        return x + (cells.Count == 0 ? NothingDiffers.Length * Letter : name + 140);

        string Name((int Row, int Column) cell) => $"{panel.Rows.Names[cell.Row]}, {panel.Columns.Names[cell.Column]}";
    }

    // Only the side that is used: a legend of colours that stand nowhere would be read as if they did.
    private void DrawScale(double x, double y)
    {
        const double Step = 8;
        var scale = panels[0].Scale;
        var levels = panels.SelectMany(panel => panel.Values.Cast<double>().Select(panel.Scale.Level)).ToArray();
        if (scale.IsSequential) levels = [0, Palette.Levels];
        var (low, high) = (levels.Min() < 0 ? -Palette.Levels : 0, levels.Max() > 0 ? Palette.Levels : 0);
        for (var level = low; level <= high; level++)
        {
            canvas.Rectangle(x + ((level - low) * Step), y, Step, 10, scale.ClassOf(level));
        }

        var isShared = panels.All(panel => Math.Abs(panel.Scale.Centre - scale.Centre) <= scale.Floor);
        if (low == high)
        {
            canvas.Text(x + 16, y + 10, "all as clean: no difference is larger than rounding", "quiet");
            return;
        }

        var middle = x + (-low * Step) + (Step / 2);
        if (low < 0) canvas.Text(x, y + 25, Tick(-scale.Reach), "quiet");
        canvas.Text(low < 0 ? middle : x, y + 25, scale.IsSequential ? Digits.Of(scale.Centre) : "clean", "quiet", low < 0 ? "middle" : "start");
        if (high > 0) canvas.Text(x + ((high - low + 1) * Step), y + 25, Tick(scale.Reach), "quiet", "end");

        string Tick(double difference) => isShared ? Digits.Of(scale.Centre + difference) : Digits.Signed(difference);
    }
}
