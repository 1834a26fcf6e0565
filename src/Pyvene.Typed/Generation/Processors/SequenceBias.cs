namespace Pyvene.Typed.Generation.Processors;

/// <summary>Is a sequence of tokens and what is added to the score of its last token once the others are written. Immutable.</summary>
public sealed record SequenceBias
{
    /// <summary>Initialises the bias of a sequence.</summary>
    /// <param name="tokenIds">The tokens, at least one.</param>
    /// <param name="bias">What is added to the score; negative infinity forbids the sequence.</param>
    /// <exception cref="ArgumentException">The sequence is empty, a token is negative, or the bias is not a number.</exception>
    public SequenceBias(IReadOnlyList<int> tokenIds, double bias)
    {
        TokenIds = SettingCheck.Sequences([tokenIds], nameof(tokenIds))[0];
        Bias = bias is <= float.MaxValue ? bias : throw new ArgumentOutOfRangeException(nameof(bias), bias, "The bias must be a number that single precision "
            + "holds, or negative infinity.");
    }

    /// <summary>Gets the tokens.</summary>
    public IReadOnlyList<int> TokenIds { get; }

    /// <summary>Gets what is added to the score of the last token.</summary>
    public double Bias { get; }
}
