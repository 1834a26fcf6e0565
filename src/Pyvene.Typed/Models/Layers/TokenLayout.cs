using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>
/// Says which tokens a packed pass holds: [1, token, …], segment after segment. All but attention treats every token by itself. For attention the tokens become
/// rows of all positions again, so that a value is rounded as in a pass of rows, whatever is left out.
/// </summary>
internal sealed class TokenLayout
{
    private readonly Tensor tokens; // [row, position]
    private readonly Tensor places; // [token]; row · positions + position

    /// <summary>Initialises the layout; its tensors belong to the current dispose scope.</summary>
    /// <param name="segments">The segments, in order of their tokens.</param>
    /// <param name="positions">The number of positions of a whole row.</param>
    /// <param name="device">The model's device.</param>
    public TokenLayout(IReadOnlyList<TokenSegment> segments, long positions, Device device)
    {
        tokens = tensor(segments.SelectMany(segment => segment.TokensOf(0, positions)).ToArray(), dtype: int64, device: device).view(-1, positions);
        places = tensor(Places(segments, positions).ToArray(), dtype: int64, device: device);
        ContextRows = tensor(segments.SelectMany(segment => segment.ContextRows).ToArray(), dtype: int64, device: device);
    }

    /// <summary>Gets for every row the row of the batch that the pass was begun with which it continues: int64 [row].</summary>
    public Tensor ContextRows { get; }

    /// <summary>Returns tokens as rows of all positions; what is not computed holds some other token's value.</summary>
    /// <param name="packed">[1, head, token, dHead].</param>
    /// <returns>[row, head, position, dHead].</returns>
    public Tensor Rows(Tensor packed) => packed.squeeze(0).transpose(0, 1).Rows(tokens).transpose(1, 2);

    /// <summary>Returns the tokens of rows of all positions.</summary>
    /// <param name="rows">[row, position, …].</param>
    /// <returns>[1, token, …].</returns>
    public Tensor Pack(Tensor rows) => rows.flatten(0, 1).Rows(places).unsqueeze(0);

    private static IEnumerable<long> Places(IReadOnlyList<TokenSegment> segments, long positions)
    {
        var row = 0L;
        foreach (var segment in segments)
        {
            for (var last = row + segment.Rows; row < last; row++)
            {
                for (var position = segment.First; position < segment.End; position++)
                {
                    yield return (row * positions) + position;
                }
            }
        }
    }
}
