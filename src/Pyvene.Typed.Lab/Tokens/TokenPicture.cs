using System.Globalization;
using System.Text;

namespace Pyvene.Typed.Lab;

/// <summary>Is a text whose tokens are coloured by how likely a model found each, with log-probability, rank and what was likelier. Immutable.</summary>
public sealed class TokenPicture : Picture
{
    private const double Left = 20;
    private const double Letter = 7.3;
    private const double LineHeight = 27;
    private const int LineWidth = 100; // columns
    private static readonly ColourScale Scale = ColourScale.Sequential();
    private readonly IReadOnlyList<ScoredToken> tokens;

    private TokenPicture(string title, IReadOnlyList<ScoredToken> tokens)
        : base(title) => this.tokens = tokens;

    /// <inheritdoc/>
    internal override IReadOnlyList<DataTable> Tables =>
    [
        new(Title, ["position", "token", "probability", "log-probability", "rank", "likeliest"],
            [.. tokens.Select((token, position) => (IReadOnlyList<string>)
            [
                position.ToString(CultureInfo.InvariantCulture),
                token.Shown,
                token.LogProbability is null ? "" : Digits.Of(token.Probability),
                token.LogProbability is { } log ? Digits.Of(log) : "",
                token.Rank?.ToString(CultureInfo.InvariantCulture) ?? "",
                token.LikeliestInWords,
            ])]),
    ];

    /// <summary>Returns the picture of tokens that were scored.</summary>
    /// <param name="title">What they are.</param>
    /// <param name="tokens">The tokens, at least one, in order.</param>
    /// <exception cref="ArgumentException">There is none, or one has a log-probability above 0.</exception>
    public static TokenPicture Of(string title, IReadOnlyList<ScoredToken> tokens)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(tokens);
        if (tokens.Count == 0 || tokens.Any(token => token is null))
        {
            throw new ArgumentException("A text has at least one token, and none that is null.", nameof(tokens));
        }

        return tokens.FirstOrDefault(token => token.LogProbability > 1e-6) is { } wrong
            ? throw new ArgumentException(
                $"A log-probability is at most 0, but that of “{wrong.Shown}” is {Digits.Of(wrong.LogProbability!.Value)}; take the logarithm.", nameof(tokens))
            : new(title, [.. tokens]);
    }

    /// <inheritdoc/>
    public override string ToText(bool colours = false)
    {
        var text = new StringBuilder(Title).Append('\n');
        if (colours)
        {
            foreach (var token in tokens) text.Append(TerminalColour.Behind(token.Shown, ClassOf(token))).Append(EndsLine(token) ? "\n" : "");
            text.Append('\n');
        }

        return text.Append(Tables[0].ToText(1, 5)).ToString();
    }

    /// <inheritdoc/>
    internal override void Draw(Canvas canvas)
    {
        canvas.Text(Left, 30, Title, "title");
        for (var level = 0; level <= Palette.Levels; level++) canvas.Rectangle(Left + (level * 8), 46, 8, 10, Scale.ClassOf(level));
        canvas.Text(Left, 71, "0", "quiet");
        canvas.Text(Left + ((Palette.Levels + 1) * 8), 71, "1", "quiet", "end");
        canvas.Text(Left + ((Palette.Levels + 1) * 8) + 10, 56, "probability behind the tokens before", "quiet");
        var (x, y, line, place) = (Left, 92.0, 0, 0);
        foreach (var token in tokens)
        {
            var width = (VisibleText.Width(token.Shown) * Letter) + 8;
            if (place > 0 && x + width > Left + (LineWidth * Letter)) (x, y, line, place) = (Left, y + LineHeight, line + 1, 0);
            canvas.Rectangle(x, y, width, LineHeight - 5, ClassOf(token), new Mark(0, line, place, token.ToString()), token.Shown);
            (x, place) = (x + width + 1, place + 1);
            if (EndsLine(token)) (x, y, line, place) = (Left, y + LineHeight, line + 1, 0);
        }
    }

    private static string ClassOf(ScoredToken token) => Scale.ClassOf(Scale.Level(token.Probability));

    private static bool EndsLine(ScoredToken token) => token.Text?.EndsWith('\n') == true;
}
