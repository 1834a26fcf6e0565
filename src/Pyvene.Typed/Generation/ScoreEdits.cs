using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Generation;

/// <summary>The edits of a row of scores that several processors share. Every result is a fresh tensor in the current dispose scope.</summary>
internal static class ScoreEdits
{
    /// <summary>Sets some tokens to negative infinity in every row; ids beyond the vocabulary name nothing and are passed over.</summary>
    public static Tensor WithoutTokens(this Tensor scores, IReadOnlyList<int> ids) =>
        scores.index_fill(1, Columns(scores, ids), Scalars.Of(double.NegativeInfinity));

    /// <summary>Sets some tokens to 0 and all others to negative infinity, in every row.</summary>
    /// <exception cref="ArgumentException">A token is beyond the vocabulary, so the row would have no candidate.</exception>
    public static Tensor OnlyTokens(this Tensor scores, IReadOnlyList<int> ids, string setting)
    {
        SettingCheck.WithinVocabulary(ids, scores.shape[1], setting);
        return full_like(scores, Scalars.Of(double.NegativeInfinity)).index_fill(1, Columns(scores, ids), Scalars.Of(0.0));
    }

    /// <summary>Sets the tokens under a mask to negative infinity.</summary>
    /// <param name="scores">The scores: float [row, vocab].</param>
    /// <param name="removed">The mask: bool [row, vocab].</param>
    public static Tensor Without(this Tensor scores, Tensor removed) => scores.masked_fill(removed, Scalars.Of(double.NegativeInfinity));

    /// <summary>Brings a mask over sorted scores back into the order of the vocabulary.</summary>
    /// <param name="sorted">The mask in sorted order: bool [row, vocab].</param>
    /// <param name="order">The token at every sorted place: int64 [row, vocab].</param>
    public static Tensor Unsorted(this Tensor sorted, Tensor order) => sorted.scatter(1, order, sorted);

    /// <summary>Clears a mask over sorted scores in its first places, so that these tokens stay.</summary>
    public static Tensor KeepFirst(this Tensor removed, int count) => removed.logical_and(Places(removed).ge(Scalars.Of(count)));

    /// <summary>Clears a mask over sorted scores in its last places, so that these tokens stay.</summary>
    public static Tensor KeepLast(this Tensor removed, int count) => removed.logical_and(Places(removed).lt(Scalars.Of(removed.shape[1] - count)));

    /// <summary>Returns which tokens score below the best few of their row: bool [row, vocab].</summary>
    public static Tensor BelowBest(this Tensor scores, int count)
    {
        var kept = (int)Math.Min(count, scores.shape[1]);
        var (best, _) = scores.topk(kept, 1); // [row, kept]
        return scores.lt(best.narrow(1, kept - 1, 1)); // [row, vocab]
    }

    /// <summary>Scales the scores of some tokens so that a factor above 1 makes them less likely, whatever their sign.</summary>
    /// <param name="scores">The scores: float [row, vocab].</param>
    /// <param name="tokens">The tokens of every row: int64 [row, n].</param>
    /// <param name="factor">What negative scores are multiplied with and others divided by.</param>
    public static Tensor Penalised(this Tensor scores, Tensor tokens, double factor)
    {
        var seen = scores.gather(1, tokens); // [row, n]
        var penalised = where(seen.lt(Scalars.Of(0)), seen * Scalars.Of(factor), seen / Scalars.Of(factor)); // [row, n]
        return scores.scatter(1, tokens, penalised); // [row, vocab]
    }

    /// <summary>Returns ids as an index tensor on the device of the scores: int64 [n].</summary>
    public static Tensor Columns(Tensor scores, IReadOnlyList<int> ids)
    {
        var vocabulary = scores.shape[1];
        return tensor([.. ids.Where(id => id < vocabulary).Select(id => (long)id)], device: scores.device); // [n]
    }

    private static Tensor Places(Tensor sorted) => arange(Scalars.Of(0), Scalars.Of(sorted.shape[1]), Scalars.Of(1), device: sorted.device); // [vocab]
}
