using System.Collections.Immutable;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Files;

namespace Pyvene.Typed.Causal;

/// <summary>
/// Is a causal model: variables with finite or open domains, what each is computed from, and how. It says what a network should compute, and what it should
/// compute under interchanges. Immutable; may be used from several threads when its functions may.
/// </summary>
public sealed class CausalModel
{
    private const long LargestFile = 1L << 28, MostCombinations = 1L << 24;
    private readonly InputSampler sampler;

    /// <summary>Makes a model, and checks it.</summary>
    /// <param name="variables">The variables, in any order.</param>
    /// <param name="timeSteps">
    /// When each variable is computed; it must increase along every edge. The length of the longest path from an input when <see langword="null"/>, with all
    /// outputs at the last step.
    /// </param>
    /// <exception cref="CausalModelException">A name is unknown or stands twice, variables form a circle, or a value or step is wrong.</exception>
    public CausalModel(IEnumerable<CausalVariable> variables, IReadOnlyDictionary<string, int>? timeSteps = null)
    {
        ArgumentNullException.ThrowIfNull(variables);
        Graph = new CausalGraph(variables, timeSteps);
        sampler = new InputSampler(Graph);
    }

    /// <summary>Gets the variables in the order in which they are computed: by time step, then by name.</summary>
    public ImmutableArray<string> Variables => Names(Graph.Nodes);

    /// <summary>Gets the variables without parents, by name.</summary>
    public ImmutableArray<string> Inputs => Names(Graph.Inputs);

    /// <summary>Gets the variables that nothing depends on, by name.</summary>
    public ImmutableArray<string> Outputs => Names(Graph.Outputs);

    /// <summary>Gets the variables between inputs and outputs, in the order in which they are computed.</summary>
    public ImmutableArray<string> Intermediates => Names(Graph.Intermediates);

    /// <summary>Gets when each variable is computed.</summary>
    public IReadOnlyDictionary<string, int> TimeSteps => Graph.Steps;

    internal CausalGraph Graph { get; }

    /// <summary>Reads a model of truth tables from JSON: <c>values</c>, <c>parents</c>, <c>functions</c>, <c>defaults</c>, <c>given_timesteps</c>.</summary>
    /// <param name="json">The text.</param>
    /// <exception cref="CausalModelException">The text is no such model.</exception>
    public static CausalModel Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return CausalModelReader.Read(json, "The causal model");
    }

    /// <summary>Reads a model of truth tables from a JSON file, as <see cref="Parse"/> does.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CausalModelException">The file cannot be read, or is no such model.</exception>
    public static CausalModel Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var json = RegularFile.ReadAllText(path, LargestFile, (reason, cause) => new CausalModelException(null, $"'{path}' cannot be read: {reason}", cause));
        return CausalModelReader.Read(json, $"The causal model '{path}'");
    }

    /// <summary>Returns what a variable is computed from, in the order of its function.</summary>
    /// <param name="variable">The variable.</param>
    public ImmutableArray<string> Parents(string variable) => Graph[variable].Variable.Parents;

    /// <summary>Returns what is computed from a variable, in the order in which that happens.</summary>
    /// <param name="variable">The variable.</param>
    public ImmutableArray<string> Children(string variable) => Names(Graph[variable].Children);

    /// <summary>Returns the values that a variable may take; <see langword="null"/> when it may take any.</summary>
    /// <param name="variable">The variable.</param>
    public ImmutableArray<CausalValue>? Values(string variable) => Graph[variable].Variable.Values;

    /// <summary>Computes all variables.</summary>
    /// <param name="setting">Inputs, and other variables that are set instead of being computed; an input that is left out has its default.</param>
    /// <returns>The value of every variable.</returns>
    /// <exception cref="CausalModelException">A name is unknown, a value lies outside a domain, or a function throws.</exception>
    public CausalSetting Run(CausalSetting? setting = null)
    {
        var (palettes, codes) = (Graph.Palettes(), new int[Graph.Nodes.Length]);
        Graph.Read(setting ?? CausalSetting.Empty, codes, palettes);
        Graph.Run(codes, palettes);
        return Graph.Setting(codes, palettes);
    }

    /// <summary>Computes all variables where some have the values that they have in other runs: an interchange.</summary>
    /// <param name="input">The base input.</param>
    /// <param name="sources">Variables, each with the setting whose run gives its value.</param>
    /// <returns>The value of every variable.</returns>
    /// <exception cref="CausalModelException">A name is unknown or stands twice, a value lies outside a domain, or a function throws.</exception>
    public CausalSetting Interchange(CausalSetting input, params IEnumerable<(string Variable, CausalSetting Source)> sources)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(sources);
        var (intervened, seen) = (input, new HashSet<string>(StringComparer.Ordinal));
        foreach (var (variable, source) in sources)
        {
            var name = Graph[variable].Name;
            if (!seen.Add(name)) throw new CausalModelException(name, $"The variable '{name}' has two sources; give it one.");
            intervened = intervened.With(name, Run(source)[name]);
        }

        return Run(intervened);
    }

    /// <summary>Returns for each value of a variable the settings of its parents that bring it about, the last parent changing fastest.</summary>
    /// <param name="variable">A variable that is no input, whose parents have domains.</param>
    /// <exception cref="CausalModelException">The variable is an input, or its parents have open domains or too many combinations.</exception>
    public IReadOnlyDictionary<CausalValue, IReadOnlyList<CausalSetting>> EquivalenceClasses(string variable)
    {
        var node = Graph[variable];
        if (node.IsInput) throw new CausalModelException(variable, $"The variable '{variable}' is an input: it has no parents that bring it about.");
        if (node.Combinations is not <= MostCombinations || node.Domain is null)
        {
            throw new CausalModelException(
                variable,
                $"The classes of '{variable}' cannot be listed: it or a parent may take any value, or there are over {MostCombinations} combinations.");
        }

        var (palettes, codes) = (Graph.Palettes(), new int[Graph.Nodes.Length]);
        var classes = node.Variable.Values!.Value.ToDictionary(value => value, _ => new List<CausalSetting>());
        for (var combination = 0L; combination < node.Combinations; combination++)
        {
            Array.Fill(codes, -1);
            WaysToValue.Unpack(combination, node.Parents, codes);
            classes[node.Domain[node.Evaluate(codes, palettes)]].Add(Graph.Setting(codes, palettes));
        }

        return classes.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<CausalSetting>)pair.Value);
    }

    /// <summary>Returns the paths along which a change would be felt: each variable on it, set to some other value alone, changes the next one.</summary>
    /// <param name="setting">The setting that is looked at.</param>
    /// <returns>Paths of two and more variables, shorter ones first, then by name.</returns>
    /// <exception cref="CausalModelException">A variable with children has an open domain, or there are over a million paths.</exception>
    public ImmutableArray<ImmutableArray<string>> LivePaths(CausalSetting setting)
    {
        ArgumentNullException.ThrowIfNull(setting);
        return LivePathSearch.Find(Graph, setting);
    }

    /// <summary>Returns a filter of whole settings: those with given values of some variables.</summary>
    /// <param name="part">The values.</param>
    public Func<CausalSetting, bool> PartialFilter(CausalSetting part)
    {
        ArgumentNullException.ThrowIfNull(part);
        Graph.Read(part, new int[Graph.Nodes.Length], Graph.Palettes()); // a name or a value that does not exist would match nothing, in silence
        return whole => part.All(pair => whole.TryGetValue(pair.Key, out var value) && value == pair.Value);
    }

    /// <summary>Returns a filter of settings: those with a live path from one variable to another.</summary>
    /// <param name="start">Where the path begins.</param>
    /// <param name="end">Where it ends.</param>
    public Func<CausalSetting, bool> PathFilter(string start, string end)
    {
        var (first, last) = (Graph[start].Name, Graph[end].Name);
        return whole => LivePaths(InputsOf(whole)).Any(path => path[0] == first && path[^1] == last);
    }

    /// <summary>Returns a filter of settings: those whose longest live path has one of some numbers of variables.</summary>
    /// <param name="lengths">The numbers of variables, 2 and more.</param>
    public Func<CausalSetting, bool> LongestPathFilter(params IEnumerable<int> lengths)
    {
        var wanted = lengths.ToHashSet();
        return whole => LivePaths(InputsOf(whole)) is [.., var longest] && wanted.Contains(longest.Length);
    }

    /// <summary>Returns all settings of the inputs, one after another, the last input changing fastest.</summary>
    /// <exception cref="CausalModelException">An input may take any value.</exception>
    public IEnumerable<CausalSetting> InputSettings()
    {
        var open = Graph.Inputs.FirstOrDefault(node => node.Domain is null);
        if (open is not null) throw new CausalModelException(open.Name, $"The input '{open.Name}' may take any value, so that the settings cannot be listed.");
        IEnumerable<CausalSetting> settings = [CausalSetting.Empty];
        return Graph.Inputs.Aggregate(
            settings, (sofar, node) => sofar.SelectMany(setting => node.Variable.Values!.Value.Select(value => setting.With(node.Name, value))));
    }

    /// <summary>Draws an input, every value equally likely.</summary>
    /// <param name="random">The source of chance.</param>
    /// <exception cref="CausalModelException">An input may take any value.</exception>
    public CausalSetting SampleInput(CausalRandom random) => Drawn(codes => sampler.Uniform(random, codes));

    /// <summary>
    /// Draws an input that brings about a value of a variable: by equivalence classes from the variable upwards where its ancestors form a tree (as pyvene's
    /// <c>sample_input_tree_balanced</c>), and among all the inputs that do where they share ancestors. Other inputs are drawn freely.
    /// </summary>
    /// <param name="random">The source of chance.</param>
    /// <param name="variable">The variable; the only output when <see langword="null"/>.</param>
    /// <param name="value">The value; one of those that some input brings about, each equally likely, when <see langword="null"/>.</param>
    /// <exception cref="CausalModelException">No input brings about the value, or the variable's ancestors have open domains.</exception>
    public CausalSetting SampleBalancedInput(CausalRandom random, string? variable = null, CausalValue? value = null)
    {
        var node = variable is not null ? Graph[variable]
            : Graph.Outputs is [var only] ? only
            : throw new CausalModelException(
                null, $"The model has {Graph.Outputs.Length} outputs ({string.Join(", ", Outputs)}); name the variable to balance.");
        return Drawn(codes => sampler.Balanced(random, node, value is { } wanted ? node.Domain?.CodeOf(wanted) : null, codes));
    }

    /// <summary>Draws an intervention: a set of intermediate variables that is not empty, each as likely, with values that some input brings about.</summary>
    /// <param name="random">The source of chance.</param>
    /// <exception cref="CausalModelException">There is no intermediate variable.</exception>
    public CausalSetting SampleIntervention(CausalRandom random) => Drawn(codes => sampler.Intervention(random, codes));

    /// <summary>Draws an intervention on some of the variables: as the public one, with values of inputs that are balanced over each.</summary>
    /// <param name="random">The source of chance.</param>
    /// <param name="variables">The variables.</param>
    /// <param name="inputs">What draws inputs where they may take any value, so that nothing can be balanced; null = nothing does.</param>
    internal CausalSetting SampleIntervention(CausalRandom random, IReadOnlyList<string> variables, Func<CausalRandom, CausalSetting>? inputs = null)
    {
        var chosen = random.Next((1UL << variables.Count) - 1) + 1;
        return new CausalSetting(variables.Where((_, at) => (chosen >> at & 1) == 1).Select(name => (name, Run(Input(name))[name])));

        CausalSetting Input(string name) => inputs is null || sampler.IsClosed(Graph[name]) ? SampleBalancedInput(random, name) : inputs(random);
    }

    /// <summary>Draws examples of what the model computes.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">The same seed gives the same set.</param>
    /// <param name="options">How inputs are drawn; uniformly when <see langword="null"/>.</param>
    /// <exception cref="CausalModelException">An input may take any value and has no sampler, or a filter lets nothing through.</exception>
    public FactualSamples DrawFactual(int count, long seed, SamplingOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new DataSetDrawing(this, sampler, seed, options ?? new SamplingOptions()).Factual(count);
    }

    /// <summary>Draws examples of what the model computes under interchanges.</summary>
    /// <param name="count">How many; it is rounded up to whole batches, as in pyvene.</param>
    /// <param name="batchSize">How many examples in a row intervene on the same variables.</param>
    /// <param name="seed">The same seed gives the same set.</param>
    /// <param name="options">How inputs, sources and interventions are drawn.</param>
    /// <exception cref="CausalModelException">
    /// Nothing lies between inputs and outputs, a domain is open and has no sampler, a sampler sets other variables, or a filter lets nothing through.
    /// </exception>
    public CounterfactualSamples DrawCounterfactual(int count, int batchSize, long seed, SamplingOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        return new DataSetDrawing(this, sampler, seed, options ?? new SamplingOptions()).Counterfactual(count, batchSize);
    }

    private CausalSetting Drawn(Action<int[]> draw)
    {
        var codes = new int[Graph.Nodes.Length];
        Array.Fill(codes, -1);
        draw(codes);
        return Graph.Setting(codes, Graph.Palettes());
    }

    private CausalSetting InputsOf(CausalSetting whole) => new(whole.Where(pair => Graph[pair.Key].IsInput).Select(pair => (pair.Key, pair.Value)));

    private static ImmutableArray<string> Names(IEnumerable<CausalNode> nodes) => [.. nodes.Select(node => node.Name)];
}
