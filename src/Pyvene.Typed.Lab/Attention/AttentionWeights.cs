using static TorchSharp.torch;

namespace Pyvene.Typed.Lab;

/// <summary>Is how much every head of every layer looks from each place to each. Immutable.</summary>
internal sealed class AttentionWeights
{
    private const float Most = 1.01f; // half precision rounds a weight of 1 up
    private readonly float[] values; // [layer, head, place, place]

    private AttentionWeights(float[] values, int layers, int heads, int places) => (this.values, Layers, Heads, Places) = (values, layers, heads, places);

    /// <summary>Gets how many layers there are.</summary>
    public int Layers { get; }

    /// <summary>Gets how many heads a layer has.</summary>
    public int Heads { get; }

    /// <summary>Gets how many tokens look, and are looked at.</summary>
    public int Places { get; }

    /// <summary>Returns the values of a tensor, [layer, head, query, key] or [head, query, key].</summary>
    public static AttentionWeights Of(Tensor weights, int tokens)
    {
        var shape = weights.shape;
        if (shape.Length is not (3 or 4) || tokens == 0 || shape[^1] != tokens || shape[^2] != tokens || weights.numel() == 0 || !weights.is_floating_point())
        {
            throw new ArgumentException(
                $"Expected attention weights [layer, head, {tokens}, {tokens}], as many queries and keys as tokens, but these are {weights.dtype} "
                    + $"[{string.Join(", ", shape)}].",
                nameof(weights));
        }

        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var values = weights.detach().to(float32).cpu().contiguous().data<float>().ToArray();
        foreach (var value in values)
        {
            if (value is >= 0 and <= Most) continue; // nor NaN
            throw new ArgumentException(
                $"An attention weight is 0 to 1, but one is {Digits.Of(value)}; HeatMap.Of draws other numbers, around a centre.", nameof(weights));
        }

        return new(values, shape.Length == 4 ? (int)shape[0] : 1, (int)shape[^3], tokens);
    }

    /// <summary>Returns one weight.</summary>
    public double At(int layer, int head, int query, int key) => values[Start(layer, head) + (query * Places) + key];

    /// <summary>Returns the weights of a head, [query, key].</summary>
    public double[,] Pattern(int layer, int head)
    {
        var pattern = new double[Places, Places];
        for (var at = 0; at < pattern.Length; at++) pattern[at / Places, at % Places] = values[Start(layer, head) + at];
        return pattern;
    }

    /// <summary>Returns where the largest weight of a head lies; the first of equal ones.</summary>
    public (int Query, int Key) Largest(int layer, int head)
    {
        var pattern = values.AsSpan(Start(layer, head), Places * Places);
        var best = 0;
        for (var at = 1; at < pattern.Length; at++) if (pattern[at] > pattern[best]) best = at;
        return (best / Places, best % Places);
    }

    private int Start(int layer, int head) => ((layer * Heads) + head) * Places * Places;
}
