namespace Pyvene.Typed.Models.Layers;

/// <summary>Says how a decoder blocks keys.</summary>
/// <param name="BlocksForGood">
/// Whether a key after the query is blocked by −∞, also in a row that sees padding only, and the causal rule is added to a mask that the caller gives: GPT-2's
/// way. Otherwise every blocked key gets the most negative finite number, so that a row which sees nothing spreads evenly over all keys, and a given additive
/// mask is used as it is.
/// </param>
/// <param name="Windows">The widths of the sliding windows that layers use, each once; <see langword="null"/> = all keys before the query are seen.</param>
/// <param name="Biases">What is added to the scores of the keys that are seen, or <see langword="null"/> = nothing.</param>
internal sealed record CausalRule(bool BlocksForGood, IReadOnlyList<long?> Windows, IScoreBiases? Biases = null);
