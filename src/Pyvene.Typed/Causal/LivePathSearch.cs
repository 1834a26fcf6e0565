using System.Collections.Immutable;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Causal;

/// <summary>Finds the paths along which a change would be felt.</summary>
internal static class LivePathSearch
{
    private const int MostPaths = 1_000_000;

    public static ImmutableArray<ImmutableArray<string>> Find(CausalGraph graph, CausalSetting setting)
    {
        var live = graph.Nodes.Select(node => LiveChildren(graph, node, setting)).ToArray();
        var found = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
        var paths = graph.Nodes.Select(node => (Last: node, Names: ImmutableArray.Create(node.Name))).ToList();
        while (paths.Count > 0)
        {
            paths = [.. paths.SelectMany(path => live[path.Last.Index].Select(child => (child, path.Names.Add(child.Name)))).Take(MostPaths + 1)];
            if (paths.Count + found.Count > MostPaths)
            {
                throw new CausalModelException(null, $"The setting has over {MostPaths} live paths; ask a smaller model.");
            }

            found.AddRange(paths.Select(path => path.Names).Order(Comparer<ImmutableArray<string>>.Create(Compare)));
        }

        return found.ToImmutable();
    }

    // Whether a step is live depends on its two ends alone: pyvene runs the model again for every path.
    private static CausalNode[] LiveChildren(CausalGraph graph, CausalNode node, CausalSetting setting)
    {
        if (node.IsOutput) return [];
        if (node.Domain is null)
        {
            throw new CausalModelException(node.Name, $"Live paths try all values of '{node.Name}', which may take any; give it a domain.");
        }

        var palettes = graph.Palettes();
        var (actual, other) = (new int[graph.Nodes.Length], new int[graph.Nodes.Length]);
        graph.Read(setting, actual, palettes);
        graph.Run(actual, palettes);
        var live = new HashSet<CausalNode>();
        for (var code = 0; code < node.Domain.Count; code++)
        {
            graph.Read(setting, other, palettes);
            other[node.Index] = code;
            graph.Run(other, palettes);
            live.UnionWith(node.Children.Where(child => other[child.Index] != actual[child.Index]));
        }

        return [.. node.Children.Where(live.Contains)];
    }

    private static int Compare(ImmutableArray<string> left, ImmutableArray<string> right)
    {
        for (var i = 0; i < left.Length; i++)
        {
            if (string.CompareOrdinal(left[i], right[i]) is not 0 and var order) return order;
        }

        return 0;
    }
}
