namespace Pyvene.Typed;

/// <summary>
/// Is a list of values that a sweep goes through: layers (<c>Gpt2.AllLayers</c>), heads (<c>Gpt2.AllHeads</c>), <see cref="Positions"/>, values of your own
/// (<see cref="Axis.Of{T}"/>), or the product of two (<see cref="Axis.By{TModel, TFirst, TSecond}"/>).
/// </summary>
/// <typeparam name="TModel">The architecture whose axis it is; <see cref="object"/> where it fits every one, as positions and values of your own
/// do.</typeparam>
/// <typeparam name="T">The type of a value.</typeparam>
public interface IAxis<in TModel, T>
{
    /// <summary>Returns the values for a model and a prompt, in order, each with its name.</summary>
    /// <exception cref="Errors.InterventionException">The model or the prompt does not have them.</exception>
    internal IReadOnlyList<AxisPoint<T>> PointsIn(AxisScope scope);

    /// <summary>Returns the axes that this one is the product of, outermost first, or itself, each with its name.</summary>
    internal IReadOnlyList<(string Name, IReadOnlyList<AxisPoint> Points)> FactorsIn(AxisScope scope);
}
