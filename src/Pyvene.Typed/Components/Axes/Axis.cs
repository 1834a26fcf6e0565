using System.Diagnostics.Contracts;
using Pyvene.Typed.Descriptors.Reading;

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

    /// <summary>Returns an axis of positions in the text that an encoder reads, where a decoder follows it: <c>Axis.EncoderPositions(..)</c>.</summary>
    /// <param name="positions">The positions, those of the first example.</param>
    public static IAxis<object, Index> EncoderPositions(Positions positions) =>
        new PositionAxis(positions ?? throw new ArgumentNullException(nameof(positions)), Axes.Position, "encoder position");

    /// <summary>
    /// Returns an axis of positions in the text of a decoder that follows an encoder, counted from the token that every text begins with.
    /// </summary>
    /// <param name="positions">The positions, those of the first example.</param>
    public static IAxis<object, Index> DecoderPositions(Positions positions) =>
        new PositionAxis(positions ?? throw new ArgumentNullException(nameof(positions)), Axes.DecoderPosition, "decoder position");

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
