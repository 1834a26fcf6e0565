using static TorchSharp.torch;

namespace Pyvene.Typed.Generation.Processors;

/// <summary>Makes the tokens less likely that occurred already, prompt included (Keskar et al. 2019).</summary>
/// <remarks>Reproduces <c>RepetitionPenaltyLogitsProcessor</c> of transformers 4.57.6.</remarks>
/// <param name="penalty">What negative scores are multiplied with and others divided by, above 0; below 1 it rewards repetition.</param>
/// <exception cref="ArgumentOutOfRangeException">The penalty is not a finite number above 0.</exception>
internal sealed class RepetitionPenaltyProcessor(double penalty) : LogitsProcessor
{
    private readonly double penalty = SettingCheck.Positive(penalty, setting: nameof(penalty));

    /// <inheritdoc/>
    protected override Tensor Process(Tensor tokens, Tensor scores) => scores.Penalised(tokens, penalty);
}
