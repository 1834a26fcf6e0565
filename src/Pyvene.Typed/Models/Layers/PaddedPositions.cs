using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>
/// Counts positions as fairseq's models do: the first token has the number behind the padding token's id, and padding, which has that id, is not counted.
/// </summary>
internal static class PaddedPositions
{
    /// <summary>Returns the positions of a forward pass that gives none: int64 [batch or 1, position].</summary>
    /// <param name="inputs">The arguments; embeddings tell no padding, so that all of them are counted.</param>
    /// <param name="padding">The padding token.</param>
    public static Tensor Of(ModelInputs inputs, long padding)
    {
        using var scope = NewDisposeScope();
        if (inputs.InputIds is not { } ids)
        {
            var embeds = inputs.InputsEmbeds!;
            var counted = arange(
                Scalars.Of(padding + 1), Scalars.Of(padding + 1 + embeds.shape[1]), Scalars.Of(1), ScalarType.Int64, embeds.device); // [position]
            return scope.HandOut(counted.unsqueeze(0));
        }

        var isToken = ids.ne(Scalars.Of(padding)).to(ScalarType.Int64); // [batch, position]
        return scope.HandOut(isToken.cumsum(1).mul(isToken).add(Scalars.Of(padding), Scalars.Of(1)));
    }

    /// <summary>Checks that the model has a position for every token of a forward pass that gives none.</summary>
    /// <param name="inputs">The arguments, their shapes and ids checked.</param>
    /// <param name="padding">The padding token.</param>
    /// <param name="count">The number of positions of the model.</param>
    /// <exception cref="ArgumentException">A text has more tokens than there are positions.</exception>
    public static void Check(ModelInputs inputs, long padding, long count)
    {
        var first = (inputs.InputIds ?? inputs.InputsEmbeds)!;
        if (padding + first.shape[1] < count || first.is_meta)
        {
            return;
        }

        using var scope = NewDisposeScope();
        var longest = inputs.InputIds is { } ids ? ids.ne(Scalars.Of(padding)).sum([1]).max().Whole() : first.shape[1];
        if (padding + longest >= count)
        {
            throw new ArgumentException(
                $"The model knows {count - padding - 1} positions of tokens, counted from behind the padding token's id, but a text has {longest}. Shorten it.",
                nameof(inputs));
        }
    }
}
