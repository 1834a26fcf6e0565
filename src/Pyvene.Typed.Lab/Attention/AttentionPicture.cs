using System.Globalization;
using static TorchSharp.torch;

namespace Pyvene.Typed.Lab;

/// <summary>
/// Is where heads look: a small picture of every head, layers down and heads across, of 8 bits a weight, and the exact pattern of one head. Immutable.
/// </summary>
public sealed class AttentionPicture : Picture
{
    private readonly AxisLabels layers;
    private readonly AttentionWeights weights;
    private readonly HeatMapPanel pattern;

    private AttentionPicture(string title, AxisLabels layers, AttentionWeights weights, HeatMapPanel pattern)
        : base(title) => (this.layers, this.weights, this.pattern) = (layers, weights, pattern);

    /// <inheritdoc/>
    internal override IReadOnlyList<DataTable> Tables
    {
        get
        {
            var rows = new List<IReadOnlyList<string>>();
            for (var layer = 0; layer < weights.Layers; layer++)
            {
                for (var head = 0; head < weights.Heads; head++)
                {
                    var (query, key) = weights.Largest(layer, head);
                    rows.Add(
                    [
                        layers.Names[layer],
                        head.ToString(CultureInfo.InvariantCulture),
                        Digits.Of(weights.At(layer, head, query, key)),
                        pattern.Rows.Names[query],
                        pattern.Columns.Names[key],
                    ]);
                }
            }

            // In the order of the panels, because large patterns are read off their table.
            return [new($"{Title}: the largest weight of every head", ["layer", "head", "weight", "from", "to"], rows), pattern.ToTable()];
        }
    }

    /// <summary>Returns the picture of attention weights.</summary>
    /// <param name="title">What they are, such as the prompt.</param>
    /// <param name="weights">The weights, [layer, head, query, key], or [head, query, key] of one layer; they stay the caller's.</param>
    /// <param name="tokens">The tokens, one a query, with their spaces.</param>
    /// <param name="layer">The layer, from 0, of the head whose exact pattern is drawn.</param>
    /// <param name="head">The head, from 0, whose exact pattern is drawn.</param>
    /// <param name="layers">The names of the layers; <see langword="null"/> = they are numbered from 0.</param>
    /// <exception cref="ArgumentException">The weights have another shape, are not as many as tokens and names, or one is not 0 to 1.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer or head.</exception>
    public static AttentionPicture Of(
        string title, Tensor weights, IReadOnlyList<string> tokens, int layer = 0, int head = 0, IReadOnlyList<string>? layers = null)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(tokens);
        var values = AttentionWeights.Of(weights, tokens.Count);
        if (layers is not null && layers.Count != values.Layers)
        {
            throw new ArgumentException($"Expected a name for each of the {values.Layers} layers, but there are {layers.Count}.", nameof(layers));
        }

        if (layer < 0 || layer >= values.Layers) throw new ArgumentOutOfRangeException(nameof(layer), layer, $"There are {values.Layers} layers.");
        if (head < 0 || head >= values.Heads) throw new ArgumentOutOfRangeException(nameof(head), head, $"The layer has {values.Heads} heads.");
        var rows = AxisLabels.Of(
            layers ?? [.. Enumerable.Range(0, values.Layers).Select(index => string.Create(CultureInfo.InvariantCulture, $"layer {index}"))]);
        string[] shown = [.. tokens.Select(VisibleText.OfToken)];
        var pattern = new HeatMapPanel(
            string.Create(CultureInfo.InvariantCulture, $"{rows.Names[layer]}, head {head}"),
            Labels("from"),
            Labels("to"),
            values.Pattern(layer, head),
            ColourScale.Sequential());
        return new(title, rows, values, pattern);

        AxisLabels Labels(string way) => new(
            way,
            [.. shown.Select(VisibleText.Short)],
            [.. shown.Select((token, place) => string.Create(CultureInfo.InvariantCulture, $"{way} {place} “{token}”"))],
            AreTokens: true);
    }

    /// <inheritdoc/>
    public override string ToText(bool colours = false) => $"{Title}\n{new HeatMap(pattern.Title, [pattern], top: 0).ToText(colours)}";

    /// <inheritdoc/>
    internal override void Draw(Canvas canvas) => new AttentionDrawing(canvas, Title, layers, weights, pattern).Draw();
}
