using static TorchSharp.torch;

namespace Pyvene.Typed.Generation.Processors;

/// <summary>Forbids the end of a text until it has a length, prompt included.</summary>
/// <remarks>Reproduces <c>MinLengthLogitsProcessor</c> of transformers 4.57.6.</remarks>
/// <param name="length">The smallest length in tokens, at least 0.</param>
/// <param name="eosTokenIds">The tokens that end a text.</param>
/// <exception cref="ArgumentOutOfRangeException">The length or a token is negative.</exception>
internal sealed class MinLengthProcessor(int length, IReadOnlyList<int> eosTokenIds) : LogitsProcessor
{
    private readonly int length = SettingCheck.AtLeast(length, 0, nameof(length));
    private readonly IReadOnlyList<int> eosTokenIds = SettingCheck.TokenIds(eosTokenIds, nameof(eosTokenIds));

    /// <inheritdoc/>
    protected override Tensor Process(Tensor tokens, Tensor scores) => tokens.shape[1] < length ? scores.WithoutTokens(eosTokenIds) : scores;
}
