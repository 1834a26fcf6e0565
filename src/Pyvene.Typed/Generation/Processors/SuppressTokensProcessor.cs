using static TorchSharp.torch;

namespace Pyvene.Typed.Generation.Processors;

/// <summary>Forbids tokens at every step.</summary>
/// <remarks>Reproduces <c>SuppressTokensLogitsProcessor</c> of transformers 4.57.6.</remarks>
/// <param name="tokenIds">The tokens; ids beyond the vocabulary are passed over.</param>
/// <exception cref="ArgumentOutOfRangeException">A token is negative.</exception>
internal sealed class SuppressTokensProcessor(IReadOnlyList<int> tokenIds) : LogitsProcessor
{
    private readonly IReadOnlyList<int> tokenIds = SettingCheck.TokenIds(tokenIds, nameof(tokenIds));

    /// <inheritdoc/>
    protected override Tensor Process(Tensor tokens, Tensor scores) => scores.WithoutTokens(tokenIds);
}
