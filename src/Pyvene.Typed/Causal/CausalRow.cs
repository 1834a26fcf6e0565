namespace Pyvene.Typed.Causal;

/// <summary>Several values in a row, equal to another such row; the key of a truth table.</summary>
internal readonly struct CausalRow(CausalValue[] values) : IEquatable<CausalRow>
{
    private readonly CausalValue[] values = values;

    public int Count => values.Length;

    public bool Equals(CausalRow other) => values.AsSpan().SequenceEqual(other.values);

    public override bool Equals(object? obj) => obj is CausalRow other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var value in values) hash.Add(value);
        return hash.ToHashCode();
    }

    public override string ToString() => $"({string.Join(", ", values)})";
}
