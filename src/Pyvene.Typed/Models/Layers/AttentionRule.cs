namespace Pyvene.Typed.Models.Layers;

/// <summary>Says how scores become attention weights.</summary>
/// <param name="Scale">The factor on the scores.</param>
/// <param name="Cap">
/// The bound that scores are bent towards by cap · tanh(score / cap), or <see langword="null"/>; it takes the slower, unfused attention.
/// </param>
/// <param name="Upcasts">Whether scores and softmax are computed in float32 whatever the dtype.</param>
internal sealed record AttentionRule(double Scale, double? Cap = null, bool Upcasts = false)
{
    /// <summary>
    /// Gets the score of a key of each head that is not there, [head], so that the weights of the others may add up to less than 1, and to 0 where a query sees
    /// no key; <see langword="null"/> = there is none. Source: Xiao et al., Efficient Streaming Language Models with Attention Sinks, 2023.
    /// </summary>
    public TorchSharp.torch.Tensor? Sinks { get; init; }
}
