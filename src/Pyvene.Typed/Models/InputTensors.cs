using System.Collections.Immutable;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Holds the tensors of a forward pass by their fields. Immutable; two are equal when their tensors are.</summary>
internal sealed class InputTensors : IEquatable<InputTensors>
{
    private readonly ImmutableArray<Tensor?> tensors;

    private InputTensors(ImmutableArray<Tensor?> tensors) => this.tensors = tensors;

    /// <summary>Gets none.</summary>
    public static InputTensors None { get; } = new([.. InputField.All.Select(_ => (Tensor?)null)]);

    /// <summary>Gets the tensor of a field, or <see langword="null"/>.</summary>
    public Tensor? this[InputField field] => tensors[field.Index];

    /// <summary>Returns these with another tensor in a field.</summary>
    public InputTensors With(InputField field, Tensor? tensor) => new(tensors.SetItem(field.Index, tensor));

    /// <inheritdoc/>
    public bool Equals(InputTensors? other) => other is not null && tensors.SequenceEqual(other.tensors);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as InputTensors);

    /// <inheritdoc/>
    public override int GetHashCode() => tensors.Aggregate(0, HashCode.Combine);
}
