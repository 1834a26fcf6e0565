using System.Globalization;

namespace Pyvene.Typed.Lab;

/// <summary>Draws the overview of all heads as one image, and the pattern of one as rectangles.</summary>
internal sealed class AttentionDrawing(Canvas canvas, string title, AxisLabels layers, AttentionWeights weights, HeatMapPanel pattern)
{
    private const double Left = 20;
    private const double Top = 96;
    private const double Letter = 7.3;
    private const int SmallestGap = 4; // pixels between two heads
    private const int SmallestHead = 40; // pixels
    private const int MostDots = 64; // a side; of a longer text each dot is the largest of several weights
    private const int MostThatSay = 32; // places; of more, every cell's words would make the page too large
    private readonly int block = (weights.Places + MostDots - 1) / MostDots;

    private int Dots => (weights.Places + block - 1) / block;

    private int Scale => Math.Max(1, (SmallestHead + Dots - 1) / Dots);

    private int GapDots => (SmallestGap + Scale - 1) / Scale;

    /// <summary>Draws them.</summary>
    public void Draw()
    {
        canvas.Text(Left, 30, title, "title");
        var note = "every head, in 8 bits a weight" + (block > 1 ? $", each dot the largest of {block} × {block}" : "");
        canvas.Text(Left, 54, note + ": blank = 0, full = 1", "quiet");
        var x = Left;
        if (layers.Title.Length > 0) x += 22;
        x += (layers.Ticks.Max(VisibleText.Width) * Letter) + 8;
        var head = (Dots + GapDots) * Scale;
        if (layers.Title.Length > 0) canvas.Text(Left + 10, Top + (weights.Layers * head / 2), layers.Title, "quiet", "middle", -90);
        for (var row = 0; row < weights.Layers; row++) canvas.Text(x - 8, Top + (row * head) + (Dots * Scale / 2) + 4, layers.Ticks[row], "label", "end");
        canvas.Text(x, Top - 24, "head", "quiet");
        for (var column = 0; column < weights.Heads; column++)
        {
            canvas.Text(x + (column * head) + (Dots * Scale / 2), Top - 8, column.ToString(CultureInfo.InvariantCulture), "label", "middle");
            for (var row = 0; row < weights.Layers; row++)
            {
                canvas.Rectangle(x + (column * head), Top + (row * head), Dots * Scale, Dots * Scale, "s0", new Mark(0, row, column, SaysOf(row, column)));
            }
        }

        canvas.Image(x, Top, Scale, Overview(), FormattableString.Invariant($"s{Palette.Levels}"));
        var y = Top + (weights.Layers * head) + 34;
        canvas.Text(Left, y, $"{pattern.Title}, exact", "title");
        new HeatMapDrawing(canvas, [pattern], top: 0, firstPanel: 1, areInTable: weights.Places > MostThatSay).DrawPattern(Left, y + 16);
    }

    private string SaysOf(int layer, int head)
    {
        var (query, key) = weights.Largest(layer, head);
        return $"{layers.Names[layer]}, head {head}: most {pattern.Rows.Names[query]} {pattern.Columns.Names[key]}: "
            + Digits.Of(weights.At(layer, head, query, key));
    }

    // All heads in one image; the gaps between them are dots, too.
    private byte[,] Overview()
    {
        var step = Dots + GapDots;
        var dots = new byte[(weights.Layers * step) - GapDots, (weights.Heads * step) - GapDots];
        for (var row = 0; row < weights.Layers; row++)
        {
            for (var column = 0; column < weights.Heads; column++)
            {
                for (var query = 0; query < weights.Places; query++)
                {
                    for (var key = 0; key < weights.Places; key++)
                    {
                        ref var dot = ref dots[(row * step) + (query / block), (column * step) + (key / block)];
                        dot = Math.Max(dot, (byte)Math.Round(255 * Math.Min(1, weights.At(row, column, query, key))));
                    }
                }
            }
        }

        return dots;
    }
}
