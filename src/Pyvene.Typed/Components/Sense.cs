using System.Globalization;

namespace Pyvene.Typed;

/// <summary>
/// Is the index of a sense, one of the vectors that a Backpack has of every token, from 0. A whole number converts to it and back by itself; an index of
/// another kind never does.
/// </summary>
public readonly record struct Sense : IHeadIndex
{
    private readonly int? value; // null in a default value alone

    static string IHeadIndex.Word => "sense";

    /// <summary>Initialises the index.</summary>
    /// <param name="value">The index, from 0.</param>
    public Sense(int value) => this.value = value;

    /// <summary>Gets the index, from 0.</summary>
    /// <exception cref="InvalidOperationException">This is the default value of the type, which is no sense.</exception>
    public int Value => value ?? throw new InvalidOperationException("This is the default value of Sense, not a sense, as FirstOrDefault gives it "
        + "without a match and a new array holds it. Take senses from Backpack.AllSenses, or write a number.");

    /// <summary>Converts a whole number.</summary>
    /// <param name="value">The index, from 0.</param>
    public static implicit operator Sense(int value) => new(value);

    /// <summary>Converts to a whole number, as for the index of an array.</summary>
    /// <param name="index">The index.</param>
    public static implicit operator int(Sense index) => index.Value;

    /// <summary>Returns the number.</summary>
    public override string ToString() => value?.ToString(CultureInfo.InvariantCulture) ?? "no sense";
}
