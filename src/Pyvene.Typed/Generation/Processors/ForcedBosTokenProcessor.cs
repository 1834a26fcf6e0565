using static TorchSharp.torch;

namespace Pyvene.Typed.Generation.Processors;

/// <summary>Forces a token right after a prompt of one token, as multilingual translation models need it.</summary>
/// <remarks>Reproduces <c>ForcedBOSTokenLogitsProcessor</c> of transformers 4.57.6.</remarks>
/// <param name="tokenId">The token.</param>
/// <exception cref="ArgumentOutOfRangeException">The token is negative.</exception>
internal sealed class ForcedBosTokenProcessor(int tokenId) : LogitsProcessor
{
    private readonly int tokenId = SettingCheck.AtLeast(tokenId, 0, nameof(tokenId));

    /// <inheritdoc/>
    protected override Tensor Process(Tensor tokens, Tensor scores) => tokens.shape[1] == 1 ? scores.OnlyTokens([tokenId], nameof(tokenId)) : scores;
}
