using System.Text;

namespace Pyvene.Typed.Analysis;

/// <summary>
/// Is what the output of every layer says at every position when the model's own final norm and head decode it (nostalgebraist, 2020): the likeliest tokens,
/// and the log-probability and rank of a token that is followed. Immutable.
/// </summary>
public sealed class LogitLens
{
    private readonly LensPlace[][][] places; // [example][layer][position]
    private readonly IReadOnlyList<IReadOnlyList<string>> tokens;

    internal LogitLens(LensPlace[][][] places, IReadOnlyList<IReadOnlyList<string>> tokens, TokenChoice? followed) =>
        (this.places, this.tokens, Followed) = (places, tokens, followed);

    /// <summary>Gets the token that is followed; <see langword="null"/> = none.</summary>
    public TokenChoice? Followed { get; }

    /// <summary>Gets the number of layers.</summary>
    public int LayerCount => places[0].Length;

    /// <summary>Gets the number of prompts.</summary>
    public int Count => places.Length;

    /// <summary>Gets what a layer's output predicts at a position.</summary>
    /// <param name="layer">The layer, from 0.</param>
    /// <param name="position">The position among the prompt's real tokens, from its start or end.</param>
    /// <param name="example">Which prompt, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer, position or prompt.</exception>
    public LensPlace this[LayerIndex layer, Index position, int example = 0]
    {
        get
        {
            Require(example);
            if (layer.Value < 0 || layer.Value >= LayerCount)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(layer), layer, FormattableString.Invariant($"There are {LayerCount} layers (0 to {LayerCount - 1})."));
            }

            var row = places[example][layer.Value];
            var place = position.GetOffset(row.Length);
            return place >= 0 && place < row.Length ? row[place] : throw new ArgumentOutOfRangeException(
                nameof(position), position, FormattableString.Invariant($"Prompt {example} has {row.Length} tokens (0 to {row.Length - 1})."));
        }
    }

    /// <summary>Returns the tokens of a prompt, with their spaces.</summary>
    /// <param name="example">Which prompt, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such prompt.</exception>
    public IReadOnlyList<string> TokensOf(int example = 0)
    {
        Require(example);
        return tokens[example];
    }

    /// <summary>
    /// Returns a table a prompt: layers down, tokens across, each cell the likeliest token, its probability and, in brackets, the rank of the followed token.
    /// </summary>
    public override string ToString() => string.Join('\n', Enumerable.Range(0, Count).Select(Text));

    /// <summary>Returns the followed token of one prompt as it is shown; <see langword="null"/> = none is followed.</summary>
    internal string? FollowedIn(int example) => Followed?.ShownIn(example);

    private string Text(int example)
    {
        string[][] lines =
        [
            [FollowedIn(example) is { } followed ? $"(rank of {followed})" : "", .. tokens[example].Select(token => new TokenProbability(token, 0, 0).Shown)],
            .. places[example].Select((row, layer) => (string[])[FormattableString.Invariant($"layer {layer}"), .. row.Select(place => place.ToString())]),
        ];
        var widths = lines[0].Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var line in lines) text.Append(string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd(' ')).Append('\n');
        return text.ToString();
    }

    private void Require(int example)
    {
        if (example < 0 || example >= Count)
        {
            throw new ArgumentOutOfRangeException(nameof(example), example, FormattableString.Invariant($"There are {Count} prompts (0 to {Count - 1})."));
        }
    }
}
