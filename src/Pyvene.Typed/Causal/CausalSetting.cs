using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Pyvene.Typed.Causal;

/// <summary>Says which variables have which values: an input, an intervention, or the whole state of a run. Immutable; equal by its values.</summary>
public sealed class CausalSetting : IReadOnlyDictionary<string, CausalValue>, IEquatable<CausalSetting>
{
    private readonly ImmutableSortedDictionary<string, CausalValue> values;

    /// <summary>Makes a setting.</summary>
    /// <param name="values">Variables and their values.</param>
    /// <exception cref="ArgumentException">A variable stands twice.</exception>
    public CausalSetting(params IEnumerable<(string Variable, CausalValue Value)> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var builder = ImmutableSortedDictionary.CreateBuilder<string, CausalValue>(StringComparer.Ordinal);
        foreach (var (variable, value) in values)
        {
            ArgumentNullException.ThrowIfNull(variable, nameof(values));
            if (!builder.TryAdd(variable, value)) throw new ArgumentException($"The setting names '{variable}' twice.", nameof(values));
        }

        this.values = builder.ToImmutable();
    }

    private CausalSetting(ImmutableSortedDictionary<string, CausalValue> values) => this.values = values;

    /// <summary>Gets the setting that sets nothing.</summary>
    public static CausalSetting Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => values.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => values.Keys;

    /// <inheritdoc/>
    public IEnumerable<CausalValue> Values => values.Values;

    /// <inheritdoc/>
    public CausalValue this[string key] => values.TryGetValue(key, out var value)
        ? value
        : throw new KeyNotFoundException($"The setting has no value of '{key}'; it has {string.Join(", ", values.Keys)}.");

    /// <summary>Returns this setting with one value more, or another one.</summary>
    /// <param name="variable">The variable.</param>
    /// <param name="value">Its value.</param>
    public CausalSetting With(string variable, CausalValue value) => new(values.SetItem(variable, value));

    /// <inheritdoc/>
    public bool ContainsKey(string key) => values.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out CausalValue value) => values.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, CausalValue>> GetEnumerator() => values.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(CausalSetting? other) => other is not null && values.SequenceEqual(other.values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CausalSetting);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var (variable, value) in values)
        {
            hash.Add(variable, StringComparer.Ordinal);
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    /// <summary>Returns the setting as text, by name.</summary>
    public override string ToString() => $"{{{string.Join(", ", values.Select(pair => $"{pair.Key}: {pair.Value}"))}}}";
}
