using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Causal;

/// <summary>A variable in its place in a model; it keeps what its function gave for each combination of parents.</summary>
internal sealed class CausalNode(CausalVariable variable, int index)
{
    private const int LargestTable = 1 << 20;
    private int[]? table; // by combination of parents: the code of the value and 1 more, 0 where nobody has asked yet

    public string Name => Variable.Name;

    public CausalVariable Variable { get; } = variable;

    /// <summary>Gets the place in the order of evaluation.</summary>
    public int Index { get; } = index;

    /// <summary>Gets the domain; an open variable has a palette in each run instead.</summary>
    public Palette? Domain { get; } = variable.Values is { } values ? new Palette(variable.Name, values) : null;

    public CausalNode[] Parents { get; private set; } = [];

    public List<CausalNode> Children { get; } = [];

    public bool IsInput => Parents.Length == 0;

    public bool IsOutput => Children.Count == 0;

    /// <summary>Gets the number of combinations of the parents' values; null when a parent may take any value, or when there are too many to count.</summary>
    public long? Combinations { get; private set; }

    public void Link(CausalNode[] parents)
    {
        Parents = parents;
        foreach (var parent in parents) parent.Children.Add(this);
        long? count = 1;
        foreach (var parent in parents) count = count * parent.Domain?.Count is { } product and < 1L << 40 ? product : null;
        Combinations = count;
        if (Domain is not null && count <= LargestTable) table = new int[count.Value];
    }

    /// <summary>Returns the code of this variable's value.</summary>
    /// <param name="codes">The codes of all variables; those of the parents are known.</param>
    /// <param name="palettes">The palette of each variable.</param>
    public int Evaluate(ReadOnlySpan<int> codes, Palette[] palettes)
    {
        if (table is null) return Compute(codes, palettes);
        var at = 0;
        foreach (var parent in Parents) at = at * parent.Domain!.Count + codes[parent.Index];
        if (table[at] == 0) table[at] = Compute(codes, palettes) + 1;
        return table[at] - 1;
    }

    private int Compute(ReadOnlySpan<int> codes, Palette[] palettes)
    {
        var given = new CausalValue[Parents.Length];
        for (var i = 0; i < given.Length; i++) given[i] = palettes[Parents[i].Index][codes[Parents[i].Index]];
        CausalValue value;
        try
        {
            value = Variable.Function!(given);
        }
        catch (Exception failure) when (failure is not (CausalModelException or OutOfMemoryException))
        {
            throw new CausalModelException(Name, $"The function of '{Name}' threw for {Given()}: {failure.Message}", failure);
        }

        return palettes[Index].Find(value) ?? throw new CausalModelException(
            Name, $"The function of '{Name}' returned {value} for {Given()}, which is not one of its values; add it to them, or mend the function.");

        string Given() => string.Join(", ", Parents.Select((parent, i) => $"{parent.Name} = {given[i]}"));
    }
}
