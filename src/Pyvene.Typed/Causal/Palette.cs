using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Causal;

/// <summary>
/// Numbers the values of a variable, so that runs and data sets hold small numbers. A closed one is a domain; an open one grows, for one owner.
/// </summary>
internal sealed class Palette
{
    private readonly string variable;
    private readonly List<CausalValue> values = [];
    private readonly Dictionary<CausalValue, int> codes = [];

    public Palette(string variable, IEnumerable<CausalValue>? domain)
    {
        this.variable = variable;
        foreach (var value in domain ?? [])
        {
            if (!codes.TryAdd(value, values.Count)) throw new CausalModelException(variable, $"The values of '{variable}' name {value} twice.");
            values.Add(value);
        }

        IsOpen = domain is null;
        if (!IsOpen && values.Count == 0) throw Empty();
    }

    public bool IsOpen { get; }

    public int Count => values.Count;

    public CausalValue this[int code] => values[code];

    /// <summary>Returns the number of a value, or null when it is outside the domain.</summary>
    public int? Find(CausalValue value)
    {
        if (codes.TryGetValue(value, out var code)) return code;
        if (!IsOpen) return null;
        codes.Add(value, values.Count);
        values.Add(value);
        return values.Count - 1;
    }

    /// <summary>Returns the number of a value.</summary>
    /// <exception cref="CausalModelException">It is outside the domain.</exception>
    public int CodeOf(CausalValue value) => Find(value) ?? throw new CausalModelException(
        variable, $"The value {value} is not one of '{variable}'; expected one of {Excerpt.Of(string.Join(", ", values), 200)}.");

    private CausalModelException Empty() => new(variable, $"The variable '{variable}' has no values; give some, or null for any.");
}
