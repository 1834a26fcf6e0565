using System.Globalization;
using System.Text;
using Pyvene.Typed.Analysis;

namespace Pyvene.Typed.Lab;

/// <summary>
/// Is the parts of a number as bars that add up to it: every bar begins where the one above it ends, and the rest is what the parts leave. Immutable.
/// </summary>
public sealed class Contributions : Picture
{
    /// <summary>What the parts leave of the total is called so.</summary>
    public const string Rest = "rest";

    private const string Total = "total";
    private const double Left = 20;
    private const double Letter = 7.3;
    private const double Width = 420;
    private const double LineHeight = 24;
    private const double Top = 52;
    private const int BarLevel = 10;
    private const int TextWidth = 30;
    private readonly IReadOnlyList<(string Name, double Value, double From)> bars; // the total is the last

    private Contributions(string title, IReadOnlyList<(string Name, double Value, double From)> bars)
        : base(title) => this.bars = bars;

    /// <inheritdoc/>
    internal override IReadOnlyList<DataTable> Tables =>
    [
        new(Title, ["part", "value", "sum so far"],
            [.. bars.Select(bar => (IReadOnlyList<string>)[bar.Name, Digits.Signed(bar.Value), Digits.Of(bar.From + bar.Value)])]),
    ];

    /// <summary>Returns the picture of parts of a number.</summary>
    /// <param name="title">What the number is, such as <c>logit of “ Madrid”</c>.</param>
    /// <param name="parts">The parts, at least one, each with its name.</param>
    /// <param name="total">The number itself; what the parts leave of it is the bar <see cref="Rest"/>, which is left out where rounding explains it.</param>
    /// <param name="largest">How many parts have a bar, at least 1: where there are more, those that are furthest from 0, and the others are one bar.</param>
    /// <exception cref="ArgumentException">There is no part, or a number is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of bars is below 1.</exception>
    public static Contributions Of(string title, IReadOnlyList<(string Name, double Value)> parts, double total, int largest = 20)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentOutOfRangeException.ThrowIfLessThan(largest, 1);
        if (parts.Count == 0 || parts.Any(part => part.Name is null))
        {
            throw new ArgumentException("There is at least one part, and each has a name.", nameof(parts));
        }

        if (parts.FirstOrDefault(part => !double.IsFinite(part.Value)) is { Name: { } name } wrong)
        {
            throw new ArgumentException($"Parts add up where they are finite, but “{VisibleText.Of(name)}” is {Digits.Of(wrong.Value)}.", nameof(parts));
        }

        if (!double.IsFinite(total)) throw new ArgumentException($"The total must be finite, but it is {Digits.Of(total)}.", nameof(total));
        var shown = Enumerable.Range(0, parts.Count).OrderByDescending(place => Math.Abs(parts[place].Value)).Take(largest).Order().ToArray();
        List<(string Name, double Value)> all = [.. shown.Select(place => (VisibleText.Of(parts[place].Name), parts[place].Value))];
        var others = parts.Count - shown.Length;
        if (others > 0)
        {
            var sum = Enumerable.Range(0, parts.Count).Except(shown).Sum(place => parts[place].Value);
            all.Add((others == 1 ? "1 other" : string.Create(CultureInfo.InvariantCulture, $"{others} others"), sum));
        }

        var rest = total - parts.Sum(part => part.Value);
        if (Math.Abs(rest) > Rounding(parts, total)) all.Add((Rest, rest));
        var bars = new List<(string Name, double Value, double From)>();
        var from = 0.0;
        foreach (var (bar, value) in all)
        {
            bars.Add((bar, value, from));
            from += value;
        }

        return new(title, [.. bars, (Total, total, 0)]);
    }

    /// <summary>
    /// Returns the picture of a logit that was taken apart: <c>Contributions.Of(model.Attribution("The capital of Italy is", " Rome"))</c>.
    /// </summary>
    /// <param name="attribution">The parts.</param>
    /// <param name="example">Which prompt, from 0; <see langword="null"/> = the means over all of them.</param>
    /// <param name="largest">As of parts of your own.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such prompt, or the number of bars is below 1.</exception>
    public static Contributions Of(LogitAttribution attribution, int? example = null, int largest = 20)
    {
        ArgumentNullException.ThrowIfNull(attribution);
        if (example is { } wanted && (wanted < 0 || wanted >= attribution.Total.Count))
        {
            throw new ArgumentOutOfRangeException(nameof(example), wanted, FormattableString.Invariant($"There are {attribution.Total.Count} prompts."));
        }

        return Of(attribution.Target, [.. attribution.Parts.Select(part => (part.Name, Number(part.Values)))], Number(attribution.Total), largest);

        double Number(Sample values) => example is { } one ? values[one] : values.Mean;
    }

    /// <inheritdoc/>
    public override string ToText(bool colours = false)
    {
        var lines = Tables[0].ToText(0).Split('\n');
        var most = Math.Max(bars.Max(bar => Math.Abs(bar.Value)), double.Epsilon);
        var text = new StringBuilder(Title).Append('\n').Append(lines[0]).Append('\n');
        var width = lines.Max(VisibleText.Width);
        for (var row = 0; row < bars.Count; row++)
        {
            var bar = new string(bars[row].Value < 0 ? '▒' : '█', (int)Math.Round(Math.Abs(bars[row].Value) / most * TextWidth));
            var space = new string(' ', width - VisibleText.Width(lines[row + 1]) + 2);
            var shown = colours ? TerminalColour.Behind(bar, ClassOf(bars[row].Value)) : bar;
            text.Append((lines[row + 1] + space + shown).TrimEnd(' ')).Append('\n');
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    internal override void Draw(Canvas canvas)
    {
        canvas.Text(Left, 30, Title, "title");
        var low = bars.Min(bar => Math.Min(bar.From, bar.From + bar.Value));
        var high = bars.Max(bar => Math.Max(bar.From, bar.From + bar.Value));
        var names = bars.Max(bar => VisibleText.Width(VisibleText.Short(bar.Name))) * Letter;
        var start = Left + names + 12;
        var scale = Width / Math.Max(high - low, double.Epsilon);
        for (var row = 0; row < bars.Count; row++)
        {
            var (name, value, from) = bars[row];
            var y = Top + (row * LineHeight) + (row == bars.Count - 1 ? 6 : 0);
            var (left, right) = (Across(Math.Min(from, from + value)), Across(Math.Max(from, from + value)));
            canvas.Text(start - 8, y + 16, VisibleText.Short(name), "label", "end");
            canvas.Rectangle(left, y + 3, Math.Max(right - left, 1), LineHeight - 6, ClassOf(value));
            canvas.Text(start + Width + 70, y + 16, Digits.Signed(value), "label", "end");
            if (row < bars.Count - 1) canvas.Line(Segment(Across(from + value), y + 3, Across(from + value), y + LineHeight + 3), "axis");
            canvas.Rectangle(Left, y, start + Width + 74 - Left, LineHeight, "none", new Mark(0, row, 0, Says(bars[row])));
        }

        var below = Top + (bars.Count * LineHeight) + 8;
        canvas.Line(Segment(Across(0), Top - 4, Across(0), below), "axis dash");
        canvas.Text(Across(0), below + 14, "0", "quiet", "middle");

        double Across(double value) => start + ((value - low) * scale);
    }

    private static string Says((string Name, double Value, double From) bar) => bar.Name == Total && bar.From == 0
        ? $"{Total}: {Digits.Of(bar.Value)}"
        : $"{bar.Name}: {Digits.Signed(bar.Value)} (from {Digits.Of(bar.From)} to {Digits.Of(bar.From + bar.Value)})";

    private static string ClassOf(double value) => FormattableString.Invariant($"{(value < 0 ? 'n' : 'p')}{BarLevel}");

    // What single precision makes of a sum of so many numbers.
    private static double Rounding(IReadOnlyList<(string Name, double Value)> parts, double total) =>
        1.2e-7 * Math.Sqrt(parts.Count + 1) * 4 * (parts.Sum(part => Math.Abs(part.Value)) + Math.Abs(total));

    private static string Segment(double x, double y, double right, double below) =>
        string.Create(CultureInfo.InvariantCulture, $"M{x:0.#} {y:0.#}L{right:0.#} {below:0.#}");
}
