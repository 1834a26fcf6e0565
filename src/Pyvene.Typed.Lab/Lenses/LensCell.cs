namespace Pyvene.Typed.Lab;

/// <summary>Is what a layer, decoded at a place, predicts.</summary>
/// <param name="Token">The likeliest token, with its spaces.</param>
/// <param name="Probability">How likely it is, 0 to 1.</param>
/// <param name="Rank">
/// How many tokens are likelier there than the one that is followed, 0 = that is the likeliest; <see langword="null"/> = none is followed.
/// </param>
public sealed record LensCell(string Token, double Probability, int? Rank = null)
{
    /// <summary>Gets the token as pictures show it.</summary>
    internal string Shown => VisibleText.OfToken(Token ?? "");

    /// <summary>Gets its numbers, short.</summary>
    internal string Note => Rank is { } rank ? FormattableString.Invariant($"{Digits.Of(Probability)} · {rank}") : Digits.Of(Probability);

    /// <summary>Returns the cell in words.</summary>
    public override string ToString() => $"“{Shown}” {Digits.Of(Probability)}{(Rank is { } rank ? $", rank {rank}" : "")}";
}
