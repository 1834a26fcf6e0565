using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Computes attention: fused where nobody looks at the weights, step by step where somebody does.</summary>
internal static class Attention
{
    // A fused kernel is not faster for heads of a few numbers, and its fixed scale costs a rounding where another one is wanted.
    private const long NarrowHead = 32;

    /// <summary>Mixes values by how well queries and keys agree. In a packed pass there is one row, of all tokens.</summary>
    /// <param name="query">[row, head, query, dHead].</param>
    /// <param name="key">[row, key head, key, dHead]; a key head serves head / key head query heads, one after another.</param>
    /// <param name="value">[row, key head, key, dHead].</param>
    /// <param name="rule">How scores become weights.</param>
    /// <param name="mask">Which keys a query sees; a query that sees none spreads evenly, in every dtype and on every road.</param>
    /// <param name="context">Whether the weights are wanted; they are added to it, moved one dispose scope out.</param>
    /// <param name="weightsTap">The named place of the weights.</param>
    /// <param name="headMask">What the weights of each head are multiplied with, [head, 1, 1], or <see langword="null"/>.</param>
    /// <returns>[row, head, query, dHead]; it and what it took belong to the current dispose scope.</returns>
    public static Tensor Attend(
        Tensor query, Tensor key, Tensor value, AttentionRule rule, AttentionMask mask, AttentionContext context, Tap weightsTap, Tensor? headMask = null)
    {
        if (context.Tokens is not { } tokens)
        {
            return AttendRows(query, key, value, rule, mask, context, weightsTap, headMask);
        }

        // [row, head, position, dHead]
        var mixed = AttendRows(tokens.Rows(query), tokens.Rows(key), tokens.Rows(value), rule, mask, context, weightsTap, headMask);
        return tokens.Pack(mixed.transpose(1, 2)).transpose(1, 2); // [1, head, token, dHead]
    }

    private static Tensor AttendRows(
        Tensor query, Tensor key, Tensor value, AttentionRule rule, AttentionMask mask, AttentionContext context, Tap weightsTap, Tensor? headMask)
    {
        var isPlain = rule.Cap is null && headMask is null && (!rule.Upcasts || query.dtype == ScalarType.Float32);
        var isSeen = weightsTap.IsTapped || context.Weights is not null;
        var isFused = !isSeen && isPlain && !query.is_meta // the fused kernel does not run on the meta device
            && (query.shape[3] > NarrowHead || !IsRounded(rule.Scale / BuiltIn(query.shape[3])));
        var (heads, keyHeads, queries) = (query.shape[1], key.shape[1], query.shape[2]);
        mask = mask.Band is { } whole && isSeen ? whole.Whole() : mask;
        query = mask.Scored(query);
        if (heads == keyHeads)
        {
            return Mixed(query, key, value);
        }

        if (isFused && queries == 1 && mask.Added is null or { shape: [_, 1, _, _] })
        {
            // One query a head: the heads that share a key stand as its queries, and nothing is copied.
            var shared = query.reshape(query.shape[0], keyHeads, heads / keyHeads, query.shape[3]); // [row, key head, sharing, dHead]
            return Fused(shared, key, value, rule, mask, weightsTap).reshape(query.shape); // [row, head, 1, dHead]
        }

        var (keys, values) = (Repeat(key, heads / keyHeads), Repeat(value, heads / keyHeads)); // [row, head, key, dHead]
        return Mixed(query, keys, values);

        Tensor Mixed(Tensor queries, Tensor keys, Tensor values)
        {
            return mask.Band is { } band ? InParts(queries, keys, values, band, rule, Of) : Of(queries, keys, values, mask);
        }

        Tensor Of(Tensor queries, Tensor keys, Tensor values, AttentionMask mask) =>
            isFused ? Fused(queries, keys, values, rule, mask, weightsTap) : Eager(queries, keys, values, rule, mask, context, weightsTap, headMask);
    }

    /// <summary>Attends part by part, where a window lets each part of the queries see a few of the keys only.</summary>
    private static Tensor InParts(
        Tensor query, Tensor key, Tensor value, WindowBand band, AttentionRule rule, Func<Tensor, Tensor, Tensor, AttentionMask, Tensor> attend)
    {
        var parts = new List<Tensor>();
        for (var first = 0L; first < band.Queries; first += band.PartLength)
        {
            var count = Math.Min(band.PartLength, band.Queries - first);
            var (start, keys) = band.KeysOf(first, count);
            var mask = band.Part(first, count);
            // [row, head, part, dHead]
            var mixed = attend(mask.Scored(query.narrow(2, first, count)), key.narrow(2, start, keys), value.narrow(2, start, keys), mask);
            // a blind query spreads over all keys, those of no part too
            parts.Add(mask.Blind is { } blind && rule.Sinks is null ? mixed.where(blind.bitwise_not(), value.mean([2], keepdim: true)) : mixed);
        }

        return cat([.. parts], 2); // [row, head, query, dHead]
    }

    // TorchSharp offers no other scale.
    private static double BuiltIn(long width) => 1 / Math.Sqrt(width);

    private static bool IsRounded(double factor) => Math.Log2(factor) is var power && power != Math.Round(power);

    private static Tensor Repeat(Tensor shared, long times)
    {
        var shape = shared.shape;
        // [row, head, key, dHead]
        return shared.unsqueeze(2).expand(shape[0], shape[1], times, shape[2], shape[3]).reshape(shape[0], shape[1] * times, shape[2], shape[3]);
    }

    private static Tensor Fused(Tensor query, Tensor key, Tensor value, AttentionRule rule, AttentionMask mask, Tap weightsTap)
    {
        if (rule.Sinks is { } sinks)
        {
            return FusedWithSinks(query, key, value, sinks, rule, mask, weightsTap);
        }

        var builtIn = BuiltIn(query.shape[3]);
        var scaled = rule.Scale == builtIn ? query : query.mul(Scalars.Of(rule.Scale / builtIn));
        return nn.functional.scaled_dot_product_attention(scaled, key, value, mask.Added, weightsTap.DropProbability, mask.IsCausal);
    }

    /// <summary>
    /// Puts a key before all others that every query sees, whose value is 0, and whose score is the sink: it alone has one more feature, which every query has
    /// as large as that takes.
    /// </summary>
    private static Tensor FusedWithSinks(
        Tensor query, Tensor key, Tensor value, Tensor sinks, AttentionRule rule, AttentionMask mask, Tap weightsTap)
    {
        var (rows, heads, queries, width) = (query.shape[0], query.shape[1], query.shape[2], query.shape[3]);
        var builtIn = 1 / Math.Sqrt(width + 1); // see Fused
        // [row, head, query, 1]; one query a head may stand for each of the heads that share a key
        var reach = sinks.to(query.dtype).div(Scalars.Of(builtIn)).view(1, heads, -1, 1).expand(rows, heads, queries, 1);
        var asking = cat([query.mul(Scalars.Of(rule.Scale / builtIn)), reach], 3); // [row, head, query, dHead + 1]
        var sink = nn.functional.pad(zeros([rows, heads, 1, width], key.dtype, key.device), [0, 1], value: 1); // [row, head, 1, dHead + 1]
        var asked = cat([sink, nn.functional.pad(key, [0, 1])], 2); // [row, head, 1 + key, dHead + 1]
        var taken = nn.functional.pad(value, [0, 1, 1, 0]); // [row, head, 1 + key, dHead + 1]
        asking = mask.IsCausal ? nn.functional.pad(asking, [0, 0, 1, 0]) : asking; // as many as keys: the first sees the sink only
        var added = mask.Added is null ? null : nn.functional.pad(mask.Added, [1, 0]); // [row or 1, head or 1, query, 1 + key]
        var mixed = nn.functional.scaled_dot_product_attention(asking, asked, taken, added, weightsTap.DropProbability, mask.IsCausal)
            .narrow(2, mask.IsCausal ? 1 : 0, queries).narrow(3, 0, width); // [row, head, query, dHead]
        return mask.Blind is null ? mixed : mixed.masked_fill(mask.Blind, Scalars.Of(0));
    }

    private static Tensor Eager(
        Tensor query, Tensor key, Tensor value, AttentionRule rule, AttentionMask mask, AttentionContext context, Tap weightsTap, Tensor? headMask)
    {
        var weights = weightsTap.call(Weights(query, key, rule, mask).to(value.dtype)); // [row, head, query, key]
        weights = headMask is null ? weights : weights.mul(headMask); // [row, head, query, key]
        context.Weights?.Add(weights.alias().MoveToOuterDisposeScope());
        return weights.matmul(value); // [row, head, query, dHead]
    }

    /// <summary>Computes the weights step by step.</summary>
    /// <param name="query">[row, head, query, dHead], as <see cref="AttentionMask.Scored"/> returns them.</param>
    /// <param name="key">[row, head, key, dHead].</param>
    /// <param name="rule">How scores become weights.</param>
    /// <param name="mask">Which keys a query sees.</param>
    /// <returns>[row, head, query, key], in float32 where the rule or the dtype asks for it.</returns>
    public static Tensor Weights(Tensor query, Tensor key, AttentionRule rule, AttentionMask mask)
    {
        // as fused attention does: the products of half precision overflow
        var upcasts = rule.Upcasts || query.dtype is ScalarType.Float16 or ScalarType.BFloat16;
        // [row, head, query, key]
        var scores = upcasts ? query.to(ScalarType.Float32).matmul(key.to(ScalarType.Float32).transpose(2, 3)) : query.matmul(key.transpose(2, 3));
        scores = scores.mul_(Scalars.Of(rule.Scale));
        if (rule.Cap is { } cap)
        {
            scores = scores.div_(Scalars.Of(cap)).tanh_().mul(Scalars.Of(cap)); // a fresh tensor: the gradient of tanh needs its result
        }

        if (mask.Added is { } added)
        {
            scores = scores.add_(added, Scalars.Of(1));
        }
        else if (mask.IsCausal)
        {
            using var later = ones(query.shape[2], key.shape[2], ScalarType.Bool, query.device).triu(1); // [query, key]
            scores = scores.masked_fill_(later, Scalars.Of(double.NegativeInfinity));
        }

        return Shares(scores, rule.Sinks, mask); // [row, head, query, key]
    }

    private static Tensor Shares(Tensor scores, Tensor? sinks, AttentionMask mask)
    {
        if (sinks is null)
        {
            return scores.softmax(-1); // [row, head, query, key]
        }

        var keys = scores.shape[3];
        var more = sinks.to(scores.dtype).view(1, -1, 1, 1).expand(scores.shape[0], -1, scores.shape[2], 1); // [row, head, query, 1]
        var shares = cat([scores, more], 3).softmax(-1).narrow(3, 0, keys); // [row, head, query, key]
        return mask.Blind is null ? shares : shares.masked_fill(mask.Blind, Scalars.Of(0));
    }
}
