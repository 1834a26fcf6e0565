using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Computes attention: fused where nobody looks at the weights, step by step where somebody does.</summary>
internal static class Attention
{
    /// <summary>Mixes values by how well queries and keys agree.</summary>
    /// <param name="query">[row, head, query, dHead].</param>
    /// <param name="key">[row, key head, key, dHead]; a key head serves head / key head query heads.</param>
    /// <param name="value">[row, key head, key, dHead].</param>
    /// <param name="scale">The factor on the scores.</param>
    /// <param name="context">The mask, and whether the weights are wanted; they are added to it, moved one dispose scope out.</param>
    /// <param name="weightsTap">The named place of the weights.</param>
    /// <param name="upcast">Whether scores and softmax are computed in float32 whatever the dtype.</param>
    /// <returns>[row, head, query, dHead].</returns>
    public static Tensor Attend(Tensor query, Tensor key, Tensor value, double scale, AttentionContext context, Tap weightsTap, bool upcast = false)
    {
        var sharing = query.shape[1] / key.shape[1];
        if (sharing > 1)
        {
            key = key.repeat_interleave(sharing, dim: 1); // [row, head, key, dHead]
            value = value.repeat_interleave(sharing, dim: 1); // [row, head, key, dHead]
        }

        var isPlain = !upcast || query.dtype == ScalarType.Float32;
        return weightsTap.IsTapped || context.Weights is not null || !isPlain || query.is_meta // the fused kernel does not run on the meta device
            ? Eager(query, key, value, scale, context, weightsTap, upcast)
            : Fused(query, key, value, scale, context, weightsTap);
    }

    private static Tensor Fused(Tensor query, Tensor key, Tensor value, double scale, AttentionContext context, Tap weightsTap)
    {
        var builtIn = 1 / Math.Sqrt(query.shape[3]); // TorchSharp offers no other scale
        var scaled = scale == builtIn ? query : query.mul(scale / builtIn);
        return nn.functional.scaled_dot_product_attention(scaled, key, value, context.Mask, weightsTap.DropProbability, context.IsCausal);
    }

    private static Tensor Eager(Tensor query, Tensor key, Tensor value, double scale, AttentionContext context, Tap weightsTap, bool upcast)
    {
        (query, key) = upcast ? (query.to(ScalarType.Float32), key.to(ScalarType.Float32)) : (query, key);
        var scores = query.matmul(key.transpose(2, 3)).mul_(scale); // [row, head, query, key]
        if (context.Mask is { } mask)
        {
            scores = scores.add_(mask);
        }
        else if (context.IsCausal)
        {
            using var later = ones(query.shape[2], key.shape[2], ScalarType.Bool, query.device).triu(1); // [query, key]
            scores = scores.masked_fill_(later, double.NegativeInfinity);
        }

        var weights = weightsTap.call(scores.softmax(-1).to(value.dtype)); // [row, head, query, key]
        context.Weights?.Add(weights.alias().MoveToOuterDisposeScope());
        return weights.matmul(value); // [row, head, query, dHead]
    }
}
