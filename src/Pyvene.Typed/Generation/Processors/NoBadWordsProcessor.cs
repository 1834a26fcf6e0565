using static TorchSharp.torch;

namespace Pyvene.Typed.Generation.Processors;

/// <summary>Forbids sequences of tokens; a sequence that is an end-of-text token alone is let through.</summary>
/// <remarks>Reproduces <c>NoBadWordsLogitsProcessor</c> of transformers 4.57.6.</remarks>
internal sealed class NoBadWordsProcessor : LogitsProcessor
{
    private readonly SequenceBiasProcessor? biases;

    /// <summary>Initialises the processor.</summary>
    /// <param name="sequences">The forbidden sequences, each with at least one token.</param>
    /// <param name="eosTokenIds">The tokens that end a text.</param>
    /// <exception cref="ArgumentException">A sequence is empty, or a token is negative.</exception>
    public NoBadWordsProcessor(IReadOnlyList<IReadOnlyList<int>> sequences, IReadOnlyList<int> eosTokenIds)
    {
        ArgumentNullException.ThrowIfNull(eosTokenIds);
        var forbidden = SettingCheck.Sequences(sequences, nameof(sequences))
            .Where(sequence => sequence.Count > 1 || !eosTokenIds.Contains(sequence[0]))
            .Select(sequence => new SequenceBias(sequence, double.NegativeInfinity)).ToArray();
        biases = forbidden.Length == 0 ? null : new SequenceBiasProcessor(forbidden);
    }

    /// <inheritdoc/>
    protected override Tensor Process(Tensor tokens, Tensor scores) => biases?.Apply(tokens, scores) ?? scores;
}
