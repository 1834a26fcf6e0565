using static TorchSharp.torch;

namespace Pyvene.Typed.Generation.Processors;

/// <summary>Makes the tokens more likely that are in the input, against invented content.</summary>
/// <remarks>
/// Reproduces <c>EncoderRepetitionPenaltyLogitsProcessor</c> of transformers 4.57.6, except that every row of an example is treated, where transformers, with
/// several rows an example, treats only the first rows of the batch.
/// </remarks>
internal sealed class EncoderRepetitionPenaltyProcessor : LogitsProcessor
{
    private readonly double penalty;
    private readonly InputTokens input;

    /// <summary>Initialises the processor.</summary>
    /// <param name="penalty">What scores above 0 are multiplied with and others divided by, above 0.</param>
    /// <param name="inputTokens">The tokens of the input: int64 [batch, position]. They are read once and stay the caller's.</param>
    /// <exception cref="ArgumentException">The penalty is not a finite number above 0, or the tokens are not int64 [batch, position].</exception>
    public EncoderRepetitionPenaltyProcessor(double penalty, Tensor inputTokens)
    {
        this.penalty = 1 / SettingCheck.Positive(penalty, setting: nameof(penalty));
        input = new InputTokens(inputTokens);
    }

    /// <inheritdoc/>
    protected override Tensor Process(Tensor tokens, Tensor scores) => scores.Penalised(input.For(scores), penalty);
}
