using System.Collections.Immutable;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Causal;

/// <summary>The variables of a model in the order of evaluation: time step, then name. Checked when made.</summary>
internal sealed class CausalGraph
{
    private readonly Dictionary<string, CausalNode> byName = new(StringComparer.Ordinal);

    public CausalGraph(IEnumerable<CausalVariable> variables, IReadOnlyDictionary<string, int>? givenSteps)
    {
        var described = new Dictionary<string, CausalVariable>(StringComparer.Ordinal);
        foreach (var variable in variables)
        {
            if (!described.TryAdd(variable.Name, variable)) throw new CausalModelException(variable.Name, $"The variable '{variable.Name}' stands twice.");
        }

        if (described.Count == 0) throw new CausalModelException(null, "A causal model has at least one variable; it was given none.");
        foreach (var variable in described.Values)
        {
            foreach (var parent in variable.Parents)
            {
                if (!described.ContainsKey(parent)) throw Unknown(parent, described.Keys, $"parent '{parent}' of '{variable.Name}'");
            }

            if (variable.Parents.Distinct(StringComparer.Ordinal).Count() < variable.Parents.Length)
            {
                throw new CausalModelException(variable.Name, $"The variable '{variable.Name}' names a parent twice: {string.Join(", ", variable.Parents)}.");
            }
        }

        var longest = TimeSteps.LongestPaths(described);
        Steps = givenSteps is null ? longest : TimeSteps.Checked(givenSteps, described);
        Nodes = [.. described.Values.OrderBy(variable => Steps[variable.Name]).ThenBy(variable => variable.Name, StringComparer.Ordinal)
            .Select((variable, index) => new CausalNode(variable, index))];
        foreach (var node in Nodes) byName.Add(node.Name, node);
        foreach (var node in Nodes) node.Link([.. node.Variable.Parents.Select(name => byName[name])]);
        foreach (var node in Nodes)
        {
            if (node.Variable.Default is { } value) node.Domain?.CodeOf(value);
        }

        var byNames = Nodes.OrderBy(node => node.Name, StringComparer.Ordinal).ToArray();
        Inputs = [.. byNames.Where(node => node.IsInput)];
        Outputs = [.. byNames.Where(node => node.IsOutput)];
        Intermediates = [.. Nodes.Where(node => !node.IsInput && !node.IsOutput)];
    }

    public ImmutableArray<CausalNode> Nodes { get; }

    /// <summary>Gets the inputs by name.</summary>
    public ImmutableArray<CausalNode> Inputs { get; }

    /// <summary>Gets the outputs by name.</summary>
    public ImmutableArray<CausalNode> Outputs { get; }

    /// <summary>Gets what is neither, in the order of evaluation.</summary>
    public ImmutableArray<CausalNode> Intermediates { get; }

    public IReadOnlyDictionary<string, int> Steps { get; }

    public CausalNode this[string name] => byName.GetValueOrDefault(name) ?? throw Unknown(name, byName.Keys, $"variable '{name}'");

    /// <summary>Returns the palettes of a run or a data set: the domains, and new ones for what is open.</summary>
    public Palette[] Palettes() => [.. Nodes.Select(node => node.Domain ?? new Palette(node.Name, null))];

    /// <summary>Writes a setting's codes and -1 for what it leaves out.</summary>
    public void Read(CausalSetting setting, Span<int> codes, Palette[] palettes)
    {
        codes.Fill(-1);
        foreach (var (name, value) in setting)
        {
            var node = this[name];
            codes[node.Index] = palettes[node.Index].CodeOf(value);
        }
    }

    /// <summary>Computes every variable that has no code yet.</summary>
    public void Run(Span<int> codes, Palette[] palettes)
    {
        foreach (var node in Nodes)
        {
            if (codes[node.Index] < 0) codes[node.Index] = node.IsInput ? DefaultOf(node, palettes) : node.Evaluate(codes, palettes);
        }
    }

    /// <summary>Returns the values of a row; what has none is left out.</summary>
    public CausalSetting Setting(ReadOnlySpan<int> codes, Palette[] palettes)
    {
        var values = new List<(string, CausalValue)>(Nodes.Length);
        foreach (var node in Nodes)
        {
            if (codes[node.Index] >= 0) values.Add((node.Name, palettes[node.Index][codes[node.Index]]));
        }

        return new CausalSetting(values);
    }

    private static int DefaultOf(CausalNode node, Palette[] palettes) =>
        node.Variable.Default is { } value ? palettes[node.Index].CodeOf(value)
        : node.Domain is not null ? 0
        : throw new CausalModelException(node.Name, $"The input '{node.Name}' may take any value, and has neither one in the setting nor a default; set it.");

    private static CausalModelException Unknown(string name, IEnumerable<string> known, string what) => new(
        name,
        $"The {what} is unknown.{NearestName.Suggestion(name, known)} "
            + $"The model has {Excerpt.Of(string.Join(", ", known.Order(StringComparer.Ordinal)), 200)}.");
}
