namespace Pyvene.Typed;

/// <summary>
/// Is a list of values that a sweep goes through: layers (<c>Gpt2.AllLayers</c>), heads (<c>Gpt2.AllHeads</c>), <see cref="Positions"/>, values of your own (<see cref="Axis.Of{T}"/>), or the product of two
/// (<see cref="Axis.By{TFirst, TSecond}"/>).
/// </summary>
/// <typeparam name="T">The type of a value.</typeparam>
public interface IAxis<T>
{
    /// <summary>Returns the values for a model and a prompt, in order, each with its name.</summary>
    /// <exception cref="Errors.InterventionException">The model or the prompt does not have them.</exception>
    internal IReadOnlyList<AxisPoint<T>> PointsIn(AxisScope scope);
}
