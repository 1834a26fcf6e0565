using System.Runtime.InteropServices;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Causal;

/// <summary>Draws inputs and interventions as codes.</summary>
internal sealed class InputSampler(CausalGraph graph)
{
    private const long MostCombinations = 1L << 24;
    private readonly Lazy<WaysToValue>?[] ways = new Lazy<WaysToValue>?[graph.Nodes.Length];

    public void Uniform(CausalRandom random, Span<int> codes)
    {
        foreach (var input in graph.Inputs)
        {
            if (codes[input.Index] < 0) codes[input.Index] = random.Next(Closed(input).Count);
        }
    }

    public void Balanced(CausalRandom random, CausalNode node, int? value, Span<int> codes)
    {
        var target = Ways(node);
        target.Draw(random, value ?? target.Reachable[random.Next(target.Reachable.Length)], codes);
        Uniform(random, codes);
    }

    public void Intervention(CausalRandom random, Span<int> codes)
    {
        if (graph.Intermediates.Length is 0 or > 62)
        {
            throw new CausalModelException(
                null, $"The model has {graph.Intermediates.Length} variables between inputs and outputs; interventions need 1 to 62.");
        }

        var chosen = random.Next((1UL << graph.Intermediates.Length) - 1) + 1;
        for (var i = 0; i < graph.Intermediates.Length; i++)
        {
            if ((chosen >> i & 1) == 0) continue;
            var reachable = Ways(graph.Intermediates[i]).Reachable;
            codes[graph.Intermediates[i].Index] = reachable[random.Next(reachable.Length)];
        }
    }

    /// <summary>Returns whether all inputs above a variable have a domain, so that its values can be balanced.</summary>
    public bool IsClosed(CausalNode node) => node.IsInput ? node.Domain is not null : Ancestors(node).All(above => !above.IsInput || above.Domain is not null);

    /// <summary>Returns the ways to each value of a variable, found when first asked for.</summary>
    private WaysToValue Ways(CausalNode node)
    {
        Interlocked.CompareExchange(ref ways[node.Index], new Lazy<WaysToValue>(() => Find(node)), null);
        return ways[node.Index]!.Value;
    }

    private WaysToValue Find(CausalNode node)
    {
        var domain = Closed(node);
        if (node.IsInput) return new WaysToValue(node, [.. Enumerable.Range(0, domain.Count).Select(code => new long[] { code })], [node], []);
        var isTree = IsTree(node, []);
        CausalNode[] over = isTree ? node.Parents : [.. graph.Inputs.Where(input => Ancestors(node).Contains(input))];
        var count = over.Aggregate((long?)1, (product, parent) => product * Closed(parent).Count is { } more and <= MostCombinations ? more : null);
        if (count is null)
        {
            throw new CausalModelException(
                node.Name, $"The inputs that bring about '{node.Name}' have over {MostCombinations} combinations; give a sampler of your own.");
        }

        var parents = isTree ? node.Parents.Select(Ways).ToArray() : [];
        var found = Enumerable.Range(0, domain.Count).Select(_ => new List<long>()).ToArray();
        var (palettes, codes) = (graph.Palettes(), new int[graph.Nodes.Length]);
        for (var combination = 0L; combination < count; combination++)
        {
            Array.Fill(codes, -1);
            WaysToValue.Unpack(combination, over, codes);
            if (isTree)
            {
                if (parents.All(parent => parent.IsReachable(codes[parent.Node.Index]))) found[node.Evaluate(codes, palettes)].Add(combination);
                continue;
            }

            foreach (var ancestor in graph.Nodes.Where(other => !other.IsInput && (other == node || Ancestors(node).Contains(other))))
            {
                codes[ancestor.Index] = ancestor.Evaluate(codes, palettes);
            }

            found[codes[node.Index]].Add(combination);
        }

        return new WaysToValue(node, [.. found.Select(list => list.ToArray())], over, parents);
    }

    private static bool IsTree(CausalNode node, HashSet<CausalNode> seen) => node.Parents.All(parent => seen.Add(parent) && IsTree(parent, seen));

    private readonly Dictionary<CausalNode, HashSet<CausalNode>> ancestors = [];

    private HashSet<CausalNode> Ancestors(CausalNode node)
    {
        lock (ancestors)
        {
            ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(ancestors, node, out _);
            if (known is not null) return known;
            known = [];
            var open = new Stack<CausalNode>(node.Parents);
            while (open.TryPop(out var next))
            {
                if (known.Add(next)) foreach (var parent in next.Parents) open.Push(parent);
            }

            return known;
        }
    }

    private static Palette Closed(CausalNode node) => node.Domain ?? throw new CausalModelException(
        node.Name, $"The variable '{node.Name}' may take any value, so that none can be drawn; give it a domain, or a sampler of your own.");
}
