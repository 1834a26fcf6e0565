using System.Globalization;

namespace Pyvene.Typed;

/// <summary>
/// Is the index of a neuron of an MLP, or of another entry of a last axis, from 0. A whole number converts to it and back by itself; an index of another kind
/// never does.
/// </summary>
/// <param name="Value">The index, from 0.</param>
public readonly record struct Neuron(int Value)
{
    /// <summary>Converts a whole number.</summary>
    /// <param name="value">The index, from 0.</param>
    public static implicit operator Neuron(int value) => new(value);

    /// <summary>Converts to a whole number, as for the index of an array.</summary>
    /// <param name="index">The index.</param>
    public static implicit operator int(Neuron index) => index.Value;

    /// <summary>Returns the number.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
