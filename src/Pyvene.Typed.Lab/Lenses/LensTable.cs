using Pyvene.Typed.Analysis;

namespace Pyvene.Typed.Lab;

/// <summary>
/// Is a table of what every layer predicts at every place, as a lens decodes it (nostalgebraist, 2020): layers down, tokens across, each cell the likeliest
/// token, coloured by its probability, with the rank of a token that is followed. Immutable.
/// </summary>
public sealed class LensTable : Picture
{
    private const double Left = 20;
    private const double Letter = 7.3;
    private const double SmallLetter = 6.1;
    private const double LineHeight = 36;
    private const double Top = 104;
    private static readonly ColourScale Scale = ColourScale.Sequential();
    private readonly AxisLabels layers;
    private readonly IReadOnlyList<string> tokens;
    private readonly LensCell[,] cells;
    private readonly string? followed;

    private LensTable(string title, AxisLabels layers, IReadOnlyList<string> tokens, LensCell[,] cells, string? followed)
        : base(title) => (this.layers, this.tokens, this.cells, this.followed) = (layers, tokens, cells, followed);

    /// <inheritdoc/>
    internal override IReadOnlyList<DataTable> Tables =>
    [
        new(followed is null ? Title : $"{Title}, rank of {followed}",
            [layers.Title, .. tokens],
            [.. layers.Names.Select((name, row) => (IReadOnlyList<string>)[name, .. tokens.Select((_, column) => cells[row, column].ToString())])]),
    ];

    /// <summary>Returns the table of cells.</summary>
    /// <param name="title">What it is, such as <c>logit lens</c>.</param>
    /// <param name="layers">The names of the rows, such as <c>layer 0</c>.</param>
    /// <param name="tokens">The tokens of the prompt, one a column.</param>
    /// <param name="cells">The cells, [layer, position]; they are copied.</param>
    /// <param name="followed">Whose rank the cells have, in words, such as <c>“ Madrid”</c> or <c>the model's own answer</c>.</param>
    /// <exception cref="ArgumentException">There is no cell, or there are not as many names as rows or as many tokens as columns; a probability is not 0 to 1,
    /// or a rank is below 0.</exception>
    public static LensTable Of(
        string title, IReadOnlyList<string> layers, IReadOnlyList<string> tokens, LensCell[,] cells, string followed = "the token that is followed")
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(cells);
        ArgumentNullException.ThrowIfNull(followed);
        if (cells.Length == 0 || cells.GetLength(0) != layers.Count || cells.GetLength(1) != tokens.Count)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Expected cells [{layers.Count}, {tokens.Count}], a row for each layer and a column for each token and at least ")
                    + FormattableString.Invariant($"one of each, but they are [{cells.GetLength(0)}, {cells.GetLength(1)}]."),
                nameof(cells));
        }

        var all = cells.Cast<LensCell?>().ToArray();
        if (all.FirstOrDefault(cell => cell is not { Probability: >= 0 and <= 1.001, Rank: null or >= 0 }) is var wrong && all.Contains(wrong))
        {
            throw new ArgumentException(
                $"A cell has a probability of 0 to 1 and a rank of at least 0, but one is {wrong?.ToString() ?? "null"}.", nameof(cells));
        }

        return new(
            title,
            AxisLabels.Of(layers),
            [.. tokens.Select(VisibleText.OfToken)],
            (LensCell[,])cells.Clone(),
            all.Any(cell => cell!.Rank is not null) ? VisibleText.Of(followed) : null);
    }

    /// <summary>Returns the table of one prompt of a logit lens: <c>LensTable.Of(model.Lens("The capital of Spain is", " Madrid"))</c>.</summary>
    /// <param name="lens">The lens.</param>
    /// <param name="example">Which prompt, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such prompt.</exception>
    public static LensTable Of(LogitLens lens, int example = 0)
    {
        ArgumentNullException.ThrowIfNull(lens);
        var tokens = lens.TokensOf(example);
        var cells = new LensCell[lens.LayerCount, tokens.Count];
        for (var place = 0; place < cells.Length; place++)
        {
            var (layer, position) = (place / tokens.Count, place % tokens.Count);
            var found = lens[layer, position, example];
            cells[layer, position] = new(found.Top[0].Text, found.Top[0].Probability, found.Rank);
        }

        var layers = Enumerable.Range(0, lens.LayerCount).Select(layer => FormattableString.Invariant($"layer {layer}"));
        return Of("logit lens", [.. layers], tokens, cells, lens.FollowedIn(example) ?? "no token");
    }

    /// <inheritdoc/>
    public override string ToText(bool colours = false)
    {
        var table = Tables[0];
        return $"{table.Caption}\n{table.ToText([.. Enumerable.Range(0, tokens.Count + 1)])}";
    }

    /// <inheritdoc/>
    internal override void Draw(Canvas canvas)
    {
        canvas.Text(Left, 30, Title, "title");
        for (var level = 0; level <= Palette.Levels; level++) canvas.Rectangle(Left + (level * 8), 46, 8, 10, Scale.ClassOf(level));
        canvas.Text(Left, 71, "0", "quiet");
        canvas.Text(Left + ((Palette.Levels + 1) * 8), 71, "1", "quiet", "end");
        var legend = "probability of the likeliest token" + (followed is null ? "" : $"; behind the dot the rank of {followed}");
        canvas.Text(Left + ((Palette.Levels + 1) * 8) + 10, 56, legend, "quiet");
        var x = Left;
        if (layers.Title.Length > 0)
        {
            canvas.Text(x + 10, Top + (layers.Names.Count * LineHeight / 2), layers.Title, "quiet", "middle", -90);
            x += 22;
        }

        x += (layers.Ticks.Max(VisibleText.Width) * Letter) + 8;
        for (var row = 0; row < layers.Ticks.Count; row++) canvas.Text(x - 8, Top + (row * LineHeight) + 22, layers.Ticks[row], "label", "end");
        for (var column = 0; column < tokens.Count; column++) x += DrawColumn(canvas, column, x);
    }

    private double DrawColumn(Canvas canvas, int column, double x)
    {
        var heading = VisibleText.Short(tokens[column]);
        var rows = Enumerable.Range(0, layers.Ticks.Count).Select(row => cells[row, column]).ToArray();
        var width = 10 + Math.Max(
            VisibleText.Width(heading) * Letter,
            rows.Max(cell => Math.Max(VisibleText.Width(VisibleText.Short(cell.Shown)) * Letter, cell.Note.Length * SmallLetter)));
        canvas.Text(x + (width / 2), Top - 8, heading, "code", "middle");
        for (var row = 0; row < rows.Length; row++)
        {
            var cell = rows[row];
            var says = FormattableString.Invariant($"{layers.Names[row]}, position {column} “{tokens[column]}”: {cell}");
            canvas.Rectangle(
                x,
                Top + (row * LineHeight),
                width,
                LineHeight,
                Scale.ClassOf(Scale.Level(cell.Probability)),
                new Mark(0, row, column, says),
                VisibleText.Short(cell.Shown),
                cell.Note);
        }

        return width;
    }
}
