namespace Pyvene.Typed.Models.Layers;

/// <summary>Says how scores become attention weights.</summary>
/// <param name="Scale">The factor on the scores.</param>
/// <param name="Cap">
/// The bound that scores are bent towards by cap · tanh(score / cap), or <see langword="null"/>; it takes the slower, unfused attention.
/// </param>
/// <param name="Upcasts">Whether scores and softmax are computed in float32 whatever the dtype.</param>
internal sealed record AttentionRule(double Scale, double? Cap = null, bool Upcasts = false);
