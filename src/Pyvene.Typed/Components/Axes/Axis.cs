using System.Diagnostics.Contracts;

namespace Pyvene.Typed;

/// <summary>Makes axes of sweeps, and multiplies them.</summary>
public static class Axis
{
    /// <summary>Returns an axis of values of your own, such as strengths: <c>Axis.Of(0.5, 1, 2)</c>. A value's text is its name.</summary>
    /// <typeparam name="T">The type of a value.</typeparam>
    /// <param name="values">The values, at least one.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static KnownAxis<T> Of<T>(params IEnumerable<T> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var axis = new KnownAxis<T>(
            [.. values.Select(value => new AxisPoint<T>(value, FormattableString.Invariant($"{value}"), value is int number ? number : null))]);
        return axis.Count > 0 ? axis : throw new ArgumentException("An axis needs at least one value.", nameof(values));
    }

    /// <summary>Returns an axis of texts, which are their own names.</summary>
    /// <param name="values">The texts, at least one.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static KnownAxis<string> Of(params string[] values) => Of<string>(values); // A text by itself is not the list of its characters.

    /// <summary>Returns the product of two axes, all pairs of their values: <c>Gpt2.AllLayers.By(Gpt2.AllHeads)</c>.</summary>
    /// <typeparam name="TModel">The architecture whose axes they are.</typeparam>
    /// <typeparam name="TFirst">The type of a value of the first.</typeparam>
    /// <typeparam name="TSecond">The type of a value of the second.</typeparam>
    /// <param name="first">The first.</param>
    /// <param name="second">The second, which runs fastest.</param>
    [Pure]
    public static IAxis<TModel, (TFirst First, TSecond Second)> By<TModel, TFirst, TSecond>(this IAxis<TModel, TFirst> first, IAxis<TModel, TSecond> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return new ProductAxis<TModel, TFirst, TSecond>(first, second);
    }
}
