using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Turns the arguments of pyvene's own models, which take vectors or, with an embedding, token ids, into vectors.</summary>
internal static class VectorInputs
{
    /// <summary>Checks the arguments.</summary>
    /// <param name="inputs">The arguments.</param>
    /// <param name="tokens">The token embedding, or null when the model has none.</param>
    /// <param name="positions">The position embedding, or null when the model has none.</param>
    /// <param name="width">The width of the model.</param>
    /// <param name="takesMask">Whether the model can leave padding out.</param>
    /// <exception cref="ArgumentException">An argument is missing, or has the wrong shape, dtype or range.</exception>
    public static void Check(ModelInputs inputs, Embedding? tokens, Embedding? positions, long width, bool takesMask)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (tokens is null && inputs.InputIds is not null)
        {
            throw new ArgumentException("This model has no token embedding ('include_emb' is false); give InputsEmbeds.", nameof(inputs));
        }

        if (!takesMask && inputs.AttentionMask is not null)
        {
            throw new ArgumentException("This model computes every position by itself, so it takes no AttentionMask; leave it out, or give rows of one "
                + "length.", nameof(inputs));
        }

        if (inputs.AttentionMask is { ndim: > 2 } pairs)
        {
            throw new ArgumentException($"AttentionMask must be [batch, position] (1 = real, 0 = padding): this model has no attention. It has "
                + $"[{string.Join(", ", pairs.shape)}].", nameof(inputs));
        }

        InputCheck.Check(
            inputs, tokens?.weight.shape[0] ?? 1, width, positions is null || inputs.PositionIds is null ? long.MaxValue : positions.weight.shape[0]);
    }

    /// <summary>Returns the vectors of checked arguments; position embeddings are added when position ids are given.</summary>
    /// <param name="inputs">The arguments.</param>
    /// <param name="tokens">The token embedding, or null when the model has none.</param>
    /// <param name="positions">The position embedding, or null when the model has none.</param>
    /// <returns>A fresh tensor or an alias, never the caller's own: [batch, position, dModel].</returns>
    public static Tensor Embed(ModelInputs inputs, Embedding? tokens, Embedding? positions)
    {
        var vectors = inputs.InputsEmbeds?.alias() ?? tokens!.call(inputs.InputIds!); // [batch, position, dModel]
        return inputs.PositionIds is { } ids && positions is not null ? vectors.add(positions.call(ids), Scalars.Of(1)) : vectors;
    }
}
