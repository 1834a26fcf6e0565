using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Generation.Processors;

/// <summary>Keeps the tokens of an input as plain numbers, so that a processor owns no tensor.</summary>
internal sealed class InputTokens
{
    private readonly long[] ids;
    private readonly long batch;

    /// <summary>Reads the tokens.</summary>
    /// <param name="tokens">The tokens: int64 [batch, position].</param>
    public InputTokens(Tensor tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (tokens.dtype is not ScalarType.Int64 || tokens.dim() != 2)
        {
            throw new ArgumentException(
                $"The input tokens must be int64 [batch, position], but are {tokens.dtype} [{string.Join(", ", tokens.shape)}].", nameof(tokens));
        }

        using var scope = NewDisposeScope();
        ids = tokens.cpu().data<long>().ToArray();
        batch = tokens.shape[0];
    }

    /// <summary>Returns the tokens for rows of scores, repeated where an example has several beams: int64 [row, position].</summary>
    public Tensor For(Tensor scores)
    {
        var rows = scores.shape[0];
        if (rows % batch != 0)
        {
            throw new ArgumentException($"The scores have {rows} rows, which is no multiple of the {batch} rows of the input tokens.", nameof(scores));
        }

        return tensor(ids, device: scores.device).view(batch, -1).repeat_interleave(rows / batch, 0); // [row, position]
    }
}
