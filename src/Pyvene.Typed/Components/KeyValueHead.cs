using System.Globalization;

namespace Pyvene.Typed;

/// <summary>
/// Is the index of an attention head whose keys and values several query heads may share, from 0. A whole number converts to it and back by itself; an index of
/// another kind never does.
/// </summary>
public readonly record struct KeyValueHead : IHeadIndex
{
    private readonly int? value; // null in a default value alone

    static string IHeadIndex.Word => "key/value head";

    /// <summary>Initialises the index.</summary>
    /// <param name="value">The index, from 0.</param>
    public KeyValueHead(int value) => this.value = value;

    /// <summary>Gets the index, from 0.</summary>
    /// <exception cref="InvalidOperationException">This is the default value of the type, which is no head.</exception>
    public int Value => value ?? throw new InvalidOperationException("This is the default value of KeyValueHead, not a head, as FirstOrDefault gives it "
        + "without a match and a new array holds it. Take heads from Llama.AllKeyValueHeads, or write a number.");

    /// <summary>Converts a whole number.</summary>
    /// <param name="value">The index, from 0.</param>
    public static implicit operator KeyValueHead(int value) => new(value);

    /// <summary>Converts to a whole number, as for the index of an array.</summary>
    /// <param name="index">The index.</param>
    public static implicit operator int(KeyValueHead index) => index.Value;

    /// <summary>Returns the number.</summary>
    public override string ToString() => value?.ToString(CultureInfo.InvariantCulture) ?? "no head";
}
