using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Says which keys a query sees.</summary>
/// <remarks>
/// A key that is not seen has −∞ added to its score, so that its weight is 0 whatever the dtype and the score. A blind query, one that sees no key, has its
/// scores set to 0 instead and
/// spreads evenly: that is what the lowest finite number, added to its scores, gives in float32, and it is finite in every dtype, in fused attention and step
/// by step.
/// </remarks>
/// <param name="Added">
/// What is added to the scores, [row or 1, head or 1, query, key], or <see langword="null"/> when <paramref name="IsCausal"/> says all or nothing is blocked.
/// </param>
/// <param name="IsCausal">Whether each position sees itself and the ones before it, as many queries as keys; then nothing is added.</param>
internal sealed record AttentionMask(Tensor? Added, bool IsCausal)
{
    /// <summary>Gets the mask that blocks nothing.</summary>
    public static AttentionMask Open { get; } = new(null, false);

    /// <summary>Gets which queries see no key: bool [row or 1, head or 1, query or 1, 1]; <see langword="null"/> = none.</summary>
    public Tensor? Blind { get; private init; }

    /// <summary>Gets the band of a window over many positions, whose mask is made part by part; <see langword="null"/> = the mask is here.</summary>
    public WindowBand? Band { get; init; }

    /// <summary>Makes a mask; its tensors belong to the current dispose scope.</summary>
    /// <param name="blocked">Which keys a query does not see: bool [row or 1, head or 1, query or 1, key].</param>
    /// <param name="cut">Which of them a blind query does not spread over either, of a shape that fits; <see langword="null"/> = none.</param>
    /// <param name="bias">What is added to the scores of the keys that are seen, of a shape that fits; <see langword="null"/> = nothing.</param>
    /// <param name="dtype">The dtype of the model.</param>
    public static AttentionMask Of(Tensor blocked, Tensor? cut, Tensor? bias, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        // [row or 1, head or 1, query or 1, key]
        var added = (bias?.to(dtype) ?? zeros([1], dtype, blocked.device)).masked_fill(blocked, Scalars.Of(double.NegativeInfinity));
        var blind = blocked.all(-1, keepdim: true); // [row or 1, head or 1, query or 1, 1]
        if (!blind.is_meta && !blind.any().IsTrue())
        {
            return new AttentionMask(added, false).HandOut(scope);
        }

        // over what is not cut, or over all where all is
        var spread = cut is null ? blind : blind.bitwise_and(cut.bitwise_not().bitwise_or(cut.all(-1, keepdim: true)));
        return (new AttentionMask(added.masked_fill(spread, Scalars.Of(0)), false) { Blind = blind }).HandOut(scope);
    }

    /// <summary>Makes the mask of an encoder, which blocks the same keys for every query; its tensors belong to the current dispose scope.</summary>
    /// <param name="given">1 = real and 0 = padding: [row, key], or [row, query, key].</param>
    /// <param name="dtype">The dtype of the model.</param>
    /// <param name="bias">What is added to the scores of the keys that are seen, [row or 1, head, query, key]; <see langword="null"/> = nothing.</param>
    public static AttentionMask OfKeys(Tensor given, ScalarType dtype, Tensor? bias = null)
    {
        using var scope = NewDisposeScope();
        var shaped = given.dim() == 3 ? given.unsqueeze(1) : given.unsqueeze(1).unsqueeze(1); // [row, 1, 1 or query, key]
        return Of(shaped.eq(Scalars.Of(0)), null, bias, dtype).HandOut(scope);
    }

    /// <summary>Moves the tensors to the scope around one, and returns this.</summary>
    public AttentionMask HandOut(DisposeScope scope)
    {
        foreach (var tensor in new[] { Added, Blind }.OfType<Tensor>()) scope.HandOut(tensor);
        return this;
    }

    /// <summary>Returns the queries as they are scored: 0 where they see no key.</summary>
    /// <param name="query">[row, head, query, dHead].</param>
    public Tensor Scored(Tensor query) => Blind is null ? query : query.masked_fill(Blind, Scalars.Of(0));

    /// <summary>Returns the mask of a batch whose rows are a selection of this one's.</summary>
    /// <param name="rows">For every new row the old row it continues: int64 [new row].</param>
    public AttentionMask SelectRows(Tensor rows) => this with { Added = Selected(Added, rows), Blind = Selected(Blind, rows), Band = Band?.SelectRows(rows) };

    /// <summary>Returns the mask of the queries behind the first ones, over all keys.</summary>
    /// <param name="first">How many queries are left out.</param>
    /// <param name="hidden">The residual stream of all positions, [row, position, dModel]; the mask is made on its device and in its dtype.</param>
    public AttentionMask Behind(long first, Tensor hidden)
    {
        var all = hidden.shape[1];
        if (Band is { } band)
        {
            return band.Whole().Behind(first, hidden);
        }

        if (!IsCausal)
        {
            return this with { Added = Last(Added), Blind = Last(Blind) };
        }

        using var later = ones(all - first, all, ScalarType.Bool, hidden.device).triu(first + 1); // [query, key]
        // [1, 1, query, key]
        return new AttentionMask(zeros_like(later, hidden.dtype).masked_fill_(later, Scalars.Of(double.NegativeInfinity)).view(1, 1, all - first, all), false);

        Tensor? Last(Tensor? ofQueries) => ofQueries is null || ofQueries.shape[2] == 1 ? ofQueries : ofQueries.narrow(2, first, all - first);
    }

    private static Tensor? Selected(Tensor? ofRows, Tensor rows) => ofRows is null || ofRows.shape[0] == 1 ? ofRows : ofRows.Rows(rows); // [new row, …]
}
