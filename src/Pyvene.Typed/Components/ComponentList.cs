namespace Pyvene.Typed;

/// <summary>Is the components of a row of modules of your own, reached by index: <c>MyNet.Components.Blocks[2]</c>.</summary>
/// <typeparam name="TItem">The generated type of the components of one module.</typeparam>
/// <param name="at">Returns the components of the module with an index.</param>
public sealed class ComponentList<TItem>(Func<int, TItem> at)
{
    /// <summary>Gets the components of one module.</summary>
    /// <param name="index">The module's index, from 0; whether the model has it is checked when an experiment is bound to one.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public TItem this[LayerIndex index] => index >= 0 ? at(index) : throw new ArgumentOutOfRangeException(nameof(index), index, "Modules count from 0.");
}
