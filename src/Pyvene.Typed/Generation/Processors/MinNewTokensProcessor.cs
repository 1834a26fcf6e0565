using static TorchSharp.torch;

namespace Pyvene.Typed.Generation.Processors;

/// <summary>Forbids the end of a text until some tokens have been generated.</summary>
/// <remarks>Reproduces <c>MinNewTokensLengthLogitsProcessor</c> of transformers 4.57.6.</remarks>
/// <param name="promptLength">How many tokens the prompt has, at least 0.</param>
/// <param name="newTokens">How many tokens are generated at least, 0 or more.</param>
/// <param name="eosTokenIds">The tokens that end a text.</param>
/// <exception cref="ArgumentOutOfRangeException">A number or a token is negative.</exception>
internal sealed class MinNewTokensProcessor(int promptLength, int newTokens, IReadOnlyList<int> eosTokenIds) : LogitsProcessor
{
    private readonly int length = checked(SettingCheck.AtLeast(promptLength, 0, nameof(promptLength)) + SettingCheck.AtLeast(newTokens, 0, nameof(newTokens)));
    private readonly IReadOnlyList<int> eosTokenIds = SettingCheck.TokenIds(eosTokenIds, nameof(eosTokenIds));

    /// <inheritdoc/>
    protected override Tensor Process(Tensor tokens, Tensor scores) => tokens.shape[1] < length ? scores.WithoutTokens(eosTokenIds) : scores;
}
