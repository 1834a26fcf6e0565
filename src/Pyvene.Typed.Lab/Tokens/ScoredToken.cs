using Pyvene.Typed.Analysis;

namespace Pyvene.Typed.Lab;

/// <summary>Is a token of a text and how likely a model found it behind those before it.</summary>
/// <param name="Text">The token's text, with its spaces.</param>
/// <param name="LogProbability">The natural logarithm of its probability, at most 0; <see langword="null"/> for the first, which nothing predicts.</param>
/// <param name="Rank">How many tokens were likelier, 0 = it was the likeliest; <see langword="null"/> for the first.</param>
/// <param name="Likeliest">The likeliest tokens at its place, likeliest first.</param>
public sealed record ScoredToken(string Text, double? LogProbability, int? Rank, IReadOnlyList<TokenProbability> Likeliest)
{
    /// <summary>Gets the token as pictures show it.</summary>
    internal string Shown => VisibleText.OfToken(Text ?? "");

    /// <summary>Gets its probability; NaN for the first.</summary>
    internal double Probability => LogProbability is { } log ? Math.Exp(log) : double.NaN;

    /// <summary>Gets the likeliest tokens in words.</summary>
    internal string LikeliestInWords =>
        string.Join(", ", (Likeliest ?? []).Select(token => $"{VisibleText.OfToken(token.Text)} {Digits.Of(token.Probability)}"));

    /// <summary>Returns the token in words.</summary>
    public override string ToString() => LogProbability is { } log
        ? $"“{Shown}”: p {Digits.Of(Probability)}, log-probability {Digits.Of(log)}, rank {Rank}"
            + (Likeliest is { Count: > 0 } ? $"; likeliest: {LikeliestInWords}" : "")
        : $"“{Shown}”: the first, which nothing predicts";
}
