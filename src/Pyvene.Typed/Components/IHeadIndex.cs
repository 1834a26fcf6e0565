namespace Pyvene.Typed;

/// <summary>
/// Is implemented by the indices of heads, and of units like them that a component has beside its positions: <see cref="QueryHead"/>,
/// <see cref="KeyValueHead"/>, <see cref="Sense"/>.
/// </summary>
public interface IHeadIndex
{
    /// <summary>Gets what one is called in messages, such as <c>head</c>; several have an s behind it.</summary>
    static abstract string Word { get; }

    /// <summary>Gets the index, from 0.</summary>
    /// <exception cref="InvalidOperationException">This is the default value of the type, which is none.</exception>
    int Value { get; }
}
