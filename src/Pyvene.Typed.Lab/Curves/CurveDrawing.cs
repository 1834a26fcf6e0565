using System.Globalization;
using System.Text;

namespace Pyvene.Typed.Lab;

/// <summary>Draws curves: a panel below the other, the names of the lines at their ends.</summary>
internal sealed class CurveDrawing(
    Canvas canvas, string axis, IReadOnlyList<CurvePanel> panels, IReadOnlyList<((double From, double To) Place, string Says)> places)
{
    private const double Left = 72;
    private const double Width = 540;
    private const double Height = 170;
    private const double Between = 46;
    private static readonly string[] Dashes = ["", " dash", " dots"];
    private readonly double first = places[0].Place.From;
    private readonly double last = places[^1].Place.To > places[0].Place.From ? places[^1].Place.To : places[0].Place.From + 1;

    private readonly bool isWhole = places.All(place => place.Place.From == Math.Floor(place.Place.From) && place.Place.To == Math.Floor(place.Place.To));

    /// <summary>Draws them.</summary>
    /// <param name="title">What stands above them.</param>
    public void Draw(string title)
    {
        canvas.Text(20, 30, title, "title");
        var y = panels.Count == 1 ? 52.0 : 78.0;
        for (var index = 0; index < panels.Count; index++)
        {
            if (panels.Count > 1) canvas.Text(Left, y - 10, panels[index].Title, "label");
            DrawPanel(panels[index], index, y);
            y += Height + Between;
        }

        canvas.Text(Left + (Width / 2), y - Between + 36, axis, "quiet", "middle");
    }

    private void DrawPanel(CurvePanel panel, int index, double y)
    {
        var (low, high) = panel.Extent();
        foreach (var tick in CurvePanel.Ticks(low, high, 5))
        {
            canvas.Line(Segment(Left, Down(tick), Left + Width, Down(tick)), "grid");
            canvas.Text(Left - 8, Down(tick) + 4, Digits.Of(Math.Abs(tick) < (high - low) * 1e-9 ? 0 : tick), "quiet", "end");
        }

        canvas.Line(Segment(Left, y + Height, Left + Width, y + Height), "axis");
        foreach (var tick in CurvePanel.Ticks(first, last, 6).Where(tick => !isWhole || tick == Math.Floor(tick)))
        {
            var says = isWhole
                ? tick.ToString("0", CultureInfo.InvariantCulture)
                : (Math.Abs(tick) < (last - first) * 1e-9 ? 0 : tick).ToString("G6", CultureInfo.InvariantCulture);
            canvas.Text(Across(tick), y + Height + 17, says, "quiet", "middle");
        }

        var ends = new List<(double Y, string Name, string Colour)>();
        for (var number = 0; number < panel.Lines.Count; number++)
        {
            var line = panel.Lines[number];
            var colour = string.Create(CultureInfo.InvariantCulture, $"l{number % Palette.LineCount}");
            canvas.Line(PathOf(line), colour + (line.IsFaint ? " thin" : Dashes[number % Dashes.Length]));
            var real = line.Points.Where(point => double.IsFinite(point.Y)).ToArray();
            if (real.Length is > 0 and <= 40 && !line.IsFaint) foreach (var (x, value) in real) canvas.Dot(Across(x), Down(value), colour);
            if (real.Length > 0) ends.Add((Down(real[^1].Y), line.Name, colour));
        }

        var free = double.MinValue; // names that would stand upon each other move down
        foreach (var (end, name, colour) in ends.OrderBy(end => end.Y))
        {
            free = Math.Max(end + 4, free + 15);
            canvas.Text(Left + Width + 10, free, name, colour);
        }

        for (var at = 0; at < places.Count; at++)
        {
            var (from, to) = (at == 0 ? Left : Middle(at - 1, at), at == places.Count - 1 ? Left + Width : Middle(at, at + 1));
            canvas.Rectangle(from, y, Math.Max(to - from, 0.5), Height, "none", new Mark(0, index, at, places[at].Says));
        }

        double Down(double value) => y + Height - ((value - low) / (high - low) * Height);

        string PathOf(Series line)
        {
            var path = new StringBuilder();
            var isOpen = false;
            foreach (var (x, value) in line.Points)
            {
                if (double.IsFinite(value)) path.Append(CultureInfo.InvariantCulture, $"{(isOpen ? 'L' : 'M')}{Across(x):0.#} {Down(value):0.#}");
                isOpen = double.IsFinite(value);
            }

            return path.ToString();
        }
    }

    private double Across(double x) => Left + ((x - first) / (last - first) * Width);

    private double Middle(int left, int right) => (Across(places[left].Place.To) + Across(places[right].Place.From)) / 2;

    private static string Segment(double x, double y, double right, double below) =>
        string.Create(CultureInfo.InvariantCulture, $"M{x:0.#} {y:0.#}L{right:0.#} {below:0.#}");
}
