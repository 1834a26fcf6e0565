using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Generation.Processors;

/// <summary>Makes the end of a text more likely with every token after a place, exponentially.</summary>
/// <remarks>Reproduces <c>ExponentialDecayLengthPenalty</c> of transformers 4.57.6.</remarks>
/// <param name="decay">After how many generated tokens it sets in, and the factor.</param>
/// <param name="eosTokenIds">The tokens that end a text.</param>
/// <param name="promptLength">How many tokens the prompt has, at least 0.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
internal sealed class ExponentialDecayLengthPenaltyProcessor(LengthDecay decay, IReadOnlyList<int> eosTokenIds, int promptLength) : LogitsProcessor
{
    private readonly long start = (long)(decay
        ?? throw new ArgumentNullException(nameof(decay))).Start + SettingCheck.AtLeast(promptLength, 0, nameof(promptLength));
    private readonly IReadOnlyList<int> eosTokenIds = SettingCheck.TokenIds(eosTokenIds, nameof(eosTokenIds));

    /// <inheritdoc/>
    protected override Tensor Process(Tensor tokens, Tensor scores)
    {
        var length = tokens.shape[1];
        if (length <= start) return scores;
        var columns = ScoreEdits.Columns(scores, eosTokenIds); // [eos]
        var ends = scores.index_select(1, columns); // [row, eos]
        // The absolute value is what makes a negative score grow too.
        var raised = ends.add(ends.abs() * Scalars.Of(Math.Pow(decay.Factor, length - start) - 1), Scalars.Of(1)); // [row, eos]
        return scores.index_copy(1, columns, raised); // [row, vocab]
    }
}
