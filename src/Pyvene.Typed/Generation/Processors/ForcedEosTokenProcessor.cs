using static TorchSharp.torch;

namespace Pyvene.Typed.Generation.Processors;

/// <summary>Forces the end of a text at its last possible token.</summary>
/// <remarks>Reproduces <c>ForcedEOSTokenLogitsProcessor</c> of transformers 4.57.6.</remarks>
/// <param name="maxLength">The largest length in tokens, prompt included, at least 1.</param>
/// <param name="eosTokenIds">The tokens that may stand there.</param>
/// <exception cref="ArgumentOutOfRangeException">The length is below 1, or a token is negative.</exception>
internal sealed class ForcedEosTokenProcessor(int maxLength, IReadOnlyList<int> eosTokenIds) : LogitsProcessor
{
    private readonly int last = SettingCheck.AtLeast(maxLength, 1, nameof(maxLength)) - 1;
    private readonly IReadOnlyList<int> eosTokenIds = SettingCheck.TokenIds(eosTokenIds, nameof(eosTokenIds));

    /// <inheritdoc/>
    protected override Tensor Process(Tensor tokens, Tensor scores) => tokens.shape[1] == last ? scores.OnlyTokens(eosTokenIds, nameof(eosTokenIds)) : scores;
}
