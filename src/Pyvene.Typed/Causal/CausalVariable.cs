using System.Collections.Immutable;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Causal;

/// <summary>Describes a variable of a causal model: its name, the values it may take, what it depends on and how. Immutable.</summary>
public sealed class CausalVariable
{
    private CausalVariable(string name, IEnumerable<CausalValue>? values, IEnumerable<string> parents, CausalFunction? function, CausalValue? otherwise)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        Values = values?.ToImmutableArray();
        Parents = [.. parents];
        Function = function;
        Default = otherwise;
    }

    /// <summary>Gets the name.</summary>
    public string Name { get; }

    /// <summary>Gets the values that the variable may take, all different.</summary>
    /// <value>Null when it may take any.</value>
    public ImmutableArray<CausalValue>? Values { get; }

    /// <summary>Gets the names of the variables that this one is computed from; an input has none.</summary>
    public ImmutableArray<string> Parents { get; }

    /// <summary>Gets the value of an input that a setting leaves out.</summary>
    /// <value>Null: the first of its values, and where it may take any, none.</value>
    public CausalValue? Default { get; }

    /// <summary>Gets what computes the variable; an input has nothing.</summary>
    internal CausalFunction? Function { get; }

    /// <summary>Describes an input.</summary>
    /// <param name="name">The name.</param>
    /// <param name="values">The values that it may take; <see langword="null"/> for any.</param>
    /// <param name="otherwise">Its value where a setting leaves it out; the first of its values when <see langword="null"/>.</param>
    public static CausalVariable Input(string name, IEnumerable<CausalValue>? values = null, CausalValue? otherwise = null) =>
        new(name, values, [], null, otherwise);

    /// <summary>Describes a variable that is computed from others.</summary>
    /// <param name="name">The name.</param>
    /// <param name="values">The values that it may take; <see langword="null"/> for any.</param>
    /// <param name="parents">The variables that it is computed from, at least one.</param>
    /// <param name="function">Computes it from their values.</param>
    public static CausalVariable Computed(string name, IEnumerable<CausalValue>? values, IEnumerable<string> parents, CausalFunction function)
    {
        ArgumentNullException.ThrowIfNull(parents);
        ArgumentNullException.ThrowIfNull(function);
        var names = parents.ToArray();
        return names.Length > 0 ? new CausalVariable(name, values, names, function, null)
            : throw new ArgumentException($"The variable '{name}' is computed from others, and has no parents; describe it as an input.", nameof(parents));
    }

    /// <summary>Describes a variable that is read off a truth table.</summary>
    /// <param name="name">The name.</param>
    /// <param name="values">The values that it may take; <see langword="null"/> for any.</param>
    /// <param name="parents">The variables that it depends on, at least one.</param>
    /// <param name="rows">The values of the parents in their order, and the value that they bring about.</param>
    /// <exception cref="CausalModelException">A row has another number of parents, or two rows contradict each other.</exception>
    public static CausalVariable FromTable(
        string name, IEnumerable<CausalValue>? values, IEnumerable<string> parents, IEnumerable<(IReadOnlyList<CausalValue> Parents, CausalValue Value)> rows)
    {
        ArgumentNullException.ThrowIfNull(parents);
        ArgumentNullException.ThrowIfNull(rows);
        var names = parents.ToArray();
        var table = new Dictionary<CausalRow, CausalValue>();
        foreach (var (settings, value) in rows)
        {
            var row = new CausalRow([.. settings]);
            if (row.Count != names.Length)
            {
                throw new CausalModelException(name, $"The row {row} of '{name}' has {row.Count} values; expected one for each of its {names.Length} parents.");
            }

            if (!table.TryAdd(row, value) && table[row] != value)
            {
                throw new CausalModelException(name, $"The table of '{name}' has two rows for {row}: {table[row]} and {value}.");
            }
        }

        return Computed(name, values, names, given => table.TryGetValue(new CausalRow(given.ToArray()), out var value)
            ? value
            : throw new CausalModelException(name, $"The table of '{name}' has no row for {new CausalRow(given.ToArray())}."));
    }
}
