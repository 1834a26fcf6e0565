namespace Pyvene.Typed.Checkpoints.Pickle;

/// <summary>Is a Python tuple, or a <c>torch.Size</c>. Short tuples of numbers compare by content, as keys of a dictionary do.</summary>
/// <param name="Items">The members.</param>
internal sealed record PickleTuple(object?[] Items)
{
    private const int LongestKey = 16;

    /// <summary>Gets whether the tuple is short and holds numbers and None only: such a one can be compared again and again at little cost.</summary>
    public bool IsKey => Items.Length <= LongestKey && Items.All(item => item is null or long or double or bool);

    /// <inheritdoc/>
    public bool Equals(PickleTuple? other) => ReferenceEquals(this, other) || (other is not null && IsKey && other.IsKey && Items.SequenceEqual(other.Items));

    /// <inheritdoc/>
    public override int GetHashCode() => IsKey ? Items.Aggregate(Items.Length, HashCode.Combine) : Items.Length;

    /// <inheritdoc/>
    public override string ToString() => $"a tuple of {Items.Length}";
}
