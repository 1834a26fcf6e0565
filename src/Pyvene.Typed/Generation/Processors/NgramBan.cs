using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Generation.Processors;

/// <summary>Forbids the tokens that would complete an n-gram of a text.</summary>
internal static class NgramBan
{
    /// <summary>Returns the scores without the tokens that followed, in the text, the last n − 1 tokens so far.</summary>
    /// <param name="scores">The scores: float [row, vocab].</param>
    /// <param name="size">The length n of an n-gram.</param>
    /// <param name="text">Where n-grams are looked up: int64 [row, text position].</param>
    /// <param name="tokens">The tokens so far: int64 [row, position].</param>
    public static Tensor WithoutNgrams(this Tensor scores, int size, Tensor text, Tensor tokens)
    {
        var length = tokens.shape[1];
        if (text.shape[1] < size || length < size - 1) return scores;
        var grams = text.unfold(1, size, 1); // [row, gram, n]
        var start = tokens.narrow(1, length - (size - 1), size - 1).unsqueeze(1); // [row, 1, n - 1]
        var matches = grams.narrow(2, 0, size - 1).eq(start).all(2); // [row, gram]
        var ends = grams.select(2, size - 1); // [row, gram]
        var banned = zeros_like(scores, ScalarType.Int64).scatter_add(1, ends, matches.to(ScalarType.Int64)); // [row, vocab]
        return scores.Without(banned.gt(Scalars.Of(0)));
    }
}
