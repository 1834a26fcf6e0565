using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Says which keys a query sees.</summary>
/// <param name="Added">What is added to the scores, [row or 1, head or 1, query, key], or <see langword="null"/> when <paramref name="IsCausal"/> says all or nothing is blocked.</param>
/// <param name="IsCausal">Whether each position sees itself and the ones before it, as many queries as keys; then nothing is added.</param>
internal sealed record AttentionMask(Tensor? Added, bool IsCausal)
{
    /// <summary>Gets the mask that blocks nothing.</summary>
    public static AttentionMask Open { get; } = new(null, false);

    /// <summary>Returns the mask of a batch whose rows are a selection of this one's.</summary>
    /// <param name="rows">For every new row the old row it continues: int64 [new row].</param>
    public AttentionMask SelectRows(Tensor rows) => Added is null || Added.shape[0] == 1 ? this : this with { Added = Added.Rows(rows) }; // [new row, head or 1, query, key]
}
