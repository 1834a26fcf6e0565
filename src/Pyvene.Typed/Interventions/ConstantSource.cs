using System.Collections.Immutable;
using System.Text.Json;
using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Configuration;

/// <summary>
/// Holds a value that stands in for a source: one vector for every place that is written, or a tensor of exactly the written shape. Immutable; compares by
/// content.
/// </summary>
/// <remarks>
/// Where features are chosen, its last axis is as wide as they are many, or as wide as the whole place, of which the features are taken; where both are equal,
/// the second.
/// </remarks>
public sealed record ConstantSource
{
    /// <summary>Initialises the value.</summary>
    /// <param name="shape">The shape: at least one axis, all lengths at least 1.</param>
    /// <param name="values">The values in row-major order, float32.</param>
    /// <exception cref="ArgumentException">There is no axis, or the number of values is not the product of the shape.</exception>
    public ConstantSource(ImmutableArray<long> shape, ImmutableArray<float> values)
    {
        if (shape.IsDefaultOrEmpty || values.IsDefault)
        {
            throw new ArgumentException("A constant needs at least one axis, such as [width] or [1].", nameof(shape));
        }

        if (shape.Any(length => length < 1)
            || shape.Aggregate((Int128)1, (product, length) => product > int.MaxValue ? product : product * length) != values.Length)
        {
            throw new ArgumentException($"A constant of shape [{string.Join(", ", shape)}] cannot hold {values.Length} values.", nameof(values));
        }

        Shape = shape;
        Values = values;
    }

    /// <summary>Gets the shape.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>Gets the values in row-major order.</summary>
    public ImmutableArray<float> Values { get; }

    /// <summary>Gets whether it is a copy of a tensor that learns, to which no gradient goes.</summary>
    internal bool HadGradient { get; private init; }

    /// <summary>
    /// Copies a tensor; it stays the caller's. No gradient reaches it: a run that records gradients refuses a copy of one that learns, unless it is given
    /// detached.
    /// </summary>
    /// <param name="tensor">The tensor, of any floating dtype and device.</param>
    /// <exception cref="ArgumentException">It was disposed.</exception>
    public static ConstantSource Of(TorchSharp.torch.Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.IsInvalid)
        {
            throw new ArgumentException(
                "The tensor was disposed. Give it while it lives; it is copied, so that it may be disposed behind that.", nameof(tensor));
        }

        using var copy = tensor.detach().to(TorchSharp.torch.float32).cpu().contiguous();
        return new ConstantSource([.. copy.shape], [.. copy.data<float>().ToArray()]) { HadGradient = tensor.requires_grad };
    }

    /// <summary>Copies a tensor; it stays the caller's.</summary>
    /// <param name="tensor">The tensor, of any floating dtype and device.</param>
    public static implicit operator ConstantSource(TorchSharp.torch.Tensor tensor) => Of(tensor);

    /// <summary>Converts one vector.</summary>
    /// <param name="vector">The values, at least one.</param>
    public static implicit operator ConstantSource(float[] vector) => new([vector.Length], [.. vector]);

    /// <summary>Converts one vector.</summary>
    /// <param name="vector">The values, at least one; they are kept as float32.</param>
    public static implicit operator ConstantSource(double[] vector) => new([vector.Length], [.. vector.Select(value => (float)value)]);

    /// <summary>Converts one vector.</summary>
    /// <param name="vector">The values, at least one.</param>
    public static implicit operator ConstantSource(List<float> vector) => new([vector.Count], [.. vector]);

    /// <summary>Writes the fields <c>shape</c> and <c>values</c>.</summary>
    internal void Write(Utf8JsonWriter json)
    {
        json.WriteNumbers("shape", Shape);
        json.WriteStartArray("values");
        foreach (var value in Values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }

    /// <inheritdoc/>
    public bool Equals(ConstantSource? other) => other is not null && Shape.SequenceEqual(other.Shape) && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Shape.Aggregate(0, HashCode.Combine), Values.Length, Values.FirstOrDefault());
}
