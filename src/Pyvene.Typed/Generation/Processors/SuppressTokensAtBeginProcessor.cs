using static TorchSharp.torch;

namespace Pyvene.Typed.Generation.Processors;

/// <summary>Forbids tokens at the first generated place.</summary>
/// <remarks>Reproduces <c>SuppressTokensAtBeginLogitsProcessor</c> of transformers 4.57.6.</remarks>
/// <param name="tokenIds">The tokens; ids beyond the vocabulary are passed over.</param>
/// <param name="beginIndex">How many tokens stand before that place, at least 0.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
internal sealed class SuppressTokensAtBeginProcessor(IReadOnlyList<int> tokenIds, int beginIndex) : LogitsProcessor
{
    private readonly IReadOnlyList<int> tokenIds = SettingCheck.TokenIds(tokenIds, nameof(tokenIds));
    private readonly int beginIndex = SettingCheck.AtLeast(beginIndex, 0, nameof(beginIndex));

    /// <inheritdoc/>
    protected override Tensor Process(Tensor tokens, Tensor scores) => tokens.shape[1] == beginIndex ? scores.WithoutTokens(tokenIds) : scores;
}
