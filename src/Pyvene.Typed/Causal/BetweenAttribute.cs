namespace Pyvene.Typed.Causal;

/// <summary>Gives a variable that is a whole number its domain: all from one to another.</summary>
/// <param name="first">The smallest value.</param>
/// <param name="last">The largest value.</param>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class BetweenAttribute(long first, long last) : Attribute
{
    /// <summary>Gets the smallest value.</summary>
    public long First { get; } = first;

    /// <summary>Gets the largest value.</summary>
    public long Last { get; } = last;
}
