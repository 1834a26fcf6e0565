namespace Pyvene.Typed;

/// <summary>
/// Says how large the axes of a component are in a known checkpoint, so that an editor can show a head or a neuron that it does not have as an error; generated
/// code carries it.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class KnownSizesAttribute : Attribute
{
    /// <summary>Gets the number of heads, of the kind that the component has; 0 = it has none.</summary>
    public int Heads { get; init; }

    /// <summary>Gets the size of the last axis; 0 = unknown.</summary>
    public int Width { get; init; }
}
