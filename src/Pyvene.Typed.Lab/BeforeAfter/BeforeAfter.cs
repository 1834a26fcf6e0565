using System.Globalization;
using Pyvene.Typed.Analysis;

namespace Pyvene.Typed.Lab;

/// <summary>
/// Is the likeliest next tokens behind a prompt before and after interventions, side by side; a line joins a token that is in both lists. Immutable.
/// </summary>
public sealed class BeforeAfter : Picture
{
    private const double Left = 20;
    private const double Letter = 7.3;
    private const double LineHeight = 24;
    private const double Longest = 150; // the bar of probability 1
    private const double Between = 90;
    private const int BarLevel = 10;
    private readonly IReadOnlyList<TokenProbability> before;
    private readonly IReadOnlyList<TokenProbability> after;

    private BeforeAfter(string title, IReadOnlyList<TokenProbability> before, IReadOnlyList<TokenProbability> after)
        : base(title) => (this.before, this.after) = (before, after);

    /// <inheritdoc/>
    internal override IReadOnlyList<DataTable> Tables =>
    [
        new(Title, ["rank", "before", "probability", "after", "probability"],
            [.. Enumerable.Range(0, Math.Max(before.Count, after.Count)).Select(rank => (IReadOnlyList<string>)
                [rank.ToString(CultureInfo.InvariantCulture), .. Cells(before, rank), .. Cells(after, rank)])]),
    ];

    /// <summary>Returns the picture of two lists.</summary>
    /// <param name="title">What they are, such as the prompt.</param>
    /// <param name="before">The tokens of the clean run, likeliest first, at least one.</param>
    /// <param name="after">The tokens of the intervened run, likeliest first, at least one.</param>
    /// <exception cref="ArgumentException">A list has no token, or a probability is not 0 to 1.</exception>
    public static BeforeAfter Of(string title, IReadOnlyList<TokenProbability> before, IReadOnlyList<TokenProbability> after)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (before.Count == 0) throw new ArgumentException("The list has at least one token.", nameof(before));
        if (after.Count == 0) throw new ArgumentException("The list has at least one token.", nameof(after));
        return before.Concat(after).FirstOrDefault(token => token.Probability is not (>= 0 and <= 1.001f)) is { } wrong
            ? throw new ArgumentException(
                $"A probability is 0 to 1, but that of “{VisibleText.OfToken(wrong.Text)}” is {Digits.Of(wrong.Probability)}.", nameof(after))
            : new(title, [.. before], [.. after]);
    }

    /// <inheritdoc/>
    public override string ToText(bool colours = false) => $"{Title}\n{Tables[0].ToText(1, 3)}";

    /// <inheritdoc/>
    internal override void Draw(Canvas canvas)
    {
        canvas.Text(Left, 30, Title, "title");
        var words = before.Concat(after).Max(token => VisibleText.Width(Shown(token))) * Letter;
        var width = words + 12 + Longest + 50;
        DrawList(canvas, 0, "before", before, after, Left, words);
        DrawList(canvas, 1, "after", after, before, Left + width + Between, words);
        for (var rank = 0; rank < before.Count; rank++)
        {
            var other = PlaceIn(after, before[rank]);
            if (other < 0) continue;
            var right = Left + width;
            canvas.Line(FormattableString.Invariant($"M{right + 6:0.#} {Middle(rank)}L{right + Between - 8:0.#} {Middle(other)}"), "axis");
        }
    }

    private static void DrawList(
        Canvas canvas, int panel, string name, IReadOnlyList<TokenProbability> list, IReadOnlyList<TokenProbability> other, double x, double words)
    {
        var otherName = panel == 0 ? "after" : "before";
        canvas.Text(x, 58, name, "label");
        for (var rank = 0; rank < list.Count; rank++)
        {
            var token = list[rank];
            var bar = Math.Max(token.Probability * Longest, 1);
            var place = PlaceIn(other, token);
            var says = $"{name}, rank {rank} “{VisibleText.OfToken(token.Text)}”: {Digits.Of(token.Probability)} ({otherName} "
                + (place >= 0 ? $"rank {place}: {Digits.Of(other[place].Probability)})" : $"not among the first {other.Count})");
            canvas.Text(x, Middle(rank) + 4, Shown(token), "code");
            canvas.Rectangle(x + words + 12, Middle(rank) - 8, bar, 16, FormattableString.Invariant($"s{BarLevel}"));
            canvas.Text(x + words + 18 + bar, Middle(rank) + 4, Digits.Of(token.Probability), "label");
            canvas.Rectangle(x - 4, Middle(rank) - (LineHeight / 2), words + Longest + 66, LineHeight, "none", new Mark(panel, rank, 0, says));
        }
    }

    private static int PlaceIn(IReadOnlyList<TokenProbability> list, TokenProbability token) => list.ToList().FindIndex(other => other.Id == token.Id);

    private static string Shown(TokenProbability token) => VisibleText.Short(VisibleText.OfToken(token.Text));

    private static IReadOnlyList<string> Cells(IReadOnlyList<TokenProbability> list, int rank) =>
        rank < list.Count ? [VisibleText.OfToken(list[rank].Text), Digits.Of(list[rank].Probability)] : ["", ""];

    private static double Middle(int rank) => 80 + (rank * LineHeight);
}
