namespace Pyvene.Typed;

/// <summary>Says which values a parameter takes, so that an editor can show a constant out of range as an error; generated code carries it.</summary>
/// <param name="minimum">The least value.</param>
/// <param name="maximum">The greatest value.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ValidRangeAttribute(int minimum, int maximum) : Attribute
{
    /// <summary>Gets the least value.</summary>
    public int Minimum => minimum;

    /// <summary>Gets the greatest value.</summary>
    public int Maximum => maximum;
}
