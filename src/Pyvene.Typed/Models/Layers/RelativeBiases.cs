using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>
/// Makes learned biases of the distance between query and key, in buckets that are exact for small distances and grow for larger ones. Source: Raffel et al.,
/// Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer, 2019.
/// </summary>
/// <param name="table">Gives every bucket a bias a head: [bucket, head].</param>
/// <param name="buckets">The number of buckets.</param>
/// <param name="farthest">The distance from which all are in the last bucket.</param>
/// <param name="seesLater">Whether a query sees keys behind it, which then have half of the buckets.</param>
internal sealed class RelativeBiases(Embedding table, long buckets, long farthest, bool seesLater) : IScoreBiases
{
    /// <inheritdoc/>
    public Tensor At(ModelInputs inputs, Tensor hidden, long past)
    {
        using var scope = NewDisposeScope();
        var (queries, device) = (hidden.shape[1], hidden.device);
        var keys = arange(Scalars.Of(0), Scalars.Of(past + queries), Scalars.Of(1), ScalarType.Int64, device); // [key]
        var distances = keys.unsqueeze(0).sub(keys.narrow(0, past, queries).unsqueeze(1)); // [query, key]
        return scope.HandOut(table.call(BucketsOf(distances)).permute(2, 0, 1).unsqueeze(0)); // [1, head, query, key]
    }

    // In float32, as transformers does: a boundary between two buckets can fall on a distance.
    private Tensor BucketsOf(Tensor distances)
    {
        var count = seesLater ? buckets / 2 : buckets;
        var far = seesLater ? distances.abs() : distances.neg().clamp(Scalars.Of(0)); // [query, key]
        var exact = count / 2;
        var grown = far.to(ScalarType.Float32).div(Scalars.Of(exact)).log().div(Scalars.Of(Math.Log((double)farthest / exact)))
            .mul(Scalars.Of(count - exact)).clamp(Scalars.Of(0)).to(ScalarType.Int64).add(Scalars.Of(exact), Scalars.Of(1)).clamp(max: Scalars.Of(count - 1));
        var bucket = where(far.lt(Scalars.Of(exact)), far, grown); // [query, key]
        return seesLater ? bucket.add(distances.gt(Scalars.Of(0)).to(ScalarType.Int64), Scalars.Of(count)) : bucket;
    }
}
