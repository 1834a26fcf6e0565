using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Computes attention: fused where nobody looks at the weights, step by step where somebody does.</summary>
internal static class Attention
{
    /// <summary>Mixes values by how well queries and keys agree. In a packed pass there is one row, of all tokens.</summary>
    /// <param name="query">[row, head, query, dHead].</param>
    /// <param name="key">[row, key head, key, dHead]; a key head serves head / key head query heads, one after another.</param>
    /// <param name="value">[row, key head, key, dHead].</param>
    /// <param name="rule">How scores become weights.</param>
    /// <param name="mask">Which keys a query sees.</param>
    /// <param name="context">Whether the weights are wanted; they are added to it, moved one dispose scope out.</param>
    /// <param name="weightsTap">The named place of the weights.</param>
    /// <param name="headMask">What the weights of each head are multiplied with, [head, 1, 1], or <see langword="null"/>.</param>
    /// <returns>[row, head, query, dHead]; it and what it took belong to the current dispose scope.</returns>
    public static Tensor Attend(Tensor query, Tensor key, Tensor value, AttentionRule rule, AttentionMask mask, AttentionContext context, Tap weightsTap, Tensor? headMask = null)
    {
        if (context.Tokens is not { } tokens)
        {
            return AttendRows(query, key, value, rule, mask, context, weightsTap, headMask);
        }

        var mixed = AttendRows(tokens.Rows(query), tokens.Rows(key), tokens.Rows(value), rule, mask, context, weightsTap, headMask); // [row, head, position, dHead]
        return tokens.Pack(mixed.transpose(1, 2)).transpose(1, 2); // [1, head, token, dHead]
    }

    private static Tensor AttendRows(Tensor query, Tensor key, Tensor value, AttentionRule rule, AttentionMask mask, AttentionContext context, Tap weightsTap, Tensor? headMask)
    {
        var isPlain = rule.Cap is null && headMask is null && (!rule.Upcasts || query.dtype == ScalarType.Float32);
        var isFused = !weightsTap.IsTapped && context.Weights is null && isPlain && !query.is_meta; // the fused kernel does not run on the meta device
        var (heads, keyHeads, queries) = (query.shape[1], key.shape[1], query.shape[2]);
        if (heads == keyHeads)
        {
            return isFused ? Fused(query, key, value, rule, mask, weightsTap) : Eager(query, key, value, rule, mask, context, weightsTap, headMask);
        }

        if (isFused && queries == 1 && mask.Added is null or { shape: [_, 1, _, _] })
        {
            // One query a head: the heads that share a key stand as its queries, and nothing is copied.
            var shared = query.reshape(query.shape[0], keyHeads, heads / keyHeads, query.shape[3]); // [row, key head, sharing, dHead]
            return Fused(shared, key, value, rule, mask, weightsTap).reshape(query.shape); // [row, head, 1, dHead]
        }

        var (keys, values) = (Repeat(key, heads / keyHeads), Repeat(value, heads / keyHeads)); // [row, head, key, dHead]
        return isFused ? Fused(query, keys, values, rule, mask, weightsTap) : Eager(query, keys, values, rule, mask, context, weightsTap, headMask);
    }

    private static Tensor Repeat(Tensor shared, long times)
    {
        var shape = shared.shape;
        return shared.unsqueeze(2).expand(shape[0], shape[1], times, shape[2], shape[3]).reshape(shape[0], shape[1] * times, shape[2], shape[3]); // [row, head, key, dHead]
    }

    private static Tensor Fused(Tensor query, Tensor key, Tensor value, AttentionRule rule, AttentionMask mask, Tap weightsTap)
    {
        var builtIn = 1 / Math.Sqrt(query.shape[3]); // TorchSharp offers no other scale
        var scaled = rule.Scale == builtIn ? query : query.mul(rule.Scale / builtIn);
        return nn.functional.scaled_dot_product_attention(scaled, key, value, mask.Added, weightsTap.DropProbability, mask.IsCausal);
    }

    private static Tensor Eager(Tensor query, Tensor key, Tensor value, AttentionRule rule, AttentionMask mask, AttentionContext context, Tap weightsTap, Tensor? headMask)
    {
        var scores = rule.Upcasts ? query.to(ScalarType.Float32).matmul(key.to(ScalarType.Float32).transpose(2, 3)) : query.matmul(key.transpose(2, 3)); // [row, head, query, key]
        scores = scores.mul_(rule.Scale);
        if (rule.Cap is { } cap)
        {
            scores = scores.div_(cap).tanh_().mul(cap); // a fresh tensor: the gradient of tanh needs its result
        }

        if (mask.Added is { } added)
        {
            scores = scores.add_(added);
        }
        else if (mask.IsCausal)
        {
            using var later = ones(query.shape[2], key.shape[2], ScalarType.Bool, query.device).triu(1); // [query, key]
            scores = scores.masked_fill_(later, double.NegativeInfinity);
        }

        var weights = weightsTap.call(scores.softmax(-1).to(value.dtype)); // [row, head, query, key]
        weights = headMask is null ? weights : weights.mul(headMask); // [row, head, query, key]
        context.Weights?.Add(weights.alias().MoveToOuterDisposeScope());
        return weights.matmul(value); // [row, head, query, dHead]
    }
}
