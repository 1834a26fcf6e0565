using System.Runtime.InteropServices;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Causal;

/// <summary>Draws data sets in pyvene's order: an intervention, then for each example of its batch a base input and the inputs of its sources.</summary>
internal sealed class DataSetDrawing(CausalModel model, InputSampler sampler, long seed, SamplingOptions options)
{
    private const int MostRefusals = 100_000;
    private readonly CausalGraph graph = model.Graph;
    private readonly Palette[] palettes = model.Graph.Palettes();
    private readonly CausalRandom random = new(seed);
    private readonly CausalNode? balanced = options.BalancedBy is { } name ? model.Graph[name] : null;

    public FactualSamples Factual(int count)
    {
        var whole = Columns(graph.Nodes, count);
        var codes = new int[graph.Nodes.Length];
        for (var (row, refused) = (0, 0); row < count;)
        {
            DrawInput(codes);
            graph.Run(codes, palettes);
            if (options.Filter is { } filter && !filter(graph.Setting(codes, palettes)))
            {
                Refuse(ref refused);
                continue;
            }

            refused = 0;
            Store(codes, whole, row++);
        }

        return new FactualSamples(model, Settings(Only(graph.Inputs, whole), count), Settings(whole, count));
    }

    public CounterfactualSamples Counterfactual(int count, int batchSize)
    {
        var intermediates = graph.Intermediates;
        if (intermediates.Length is 0 or > 62)
        {
            throw new CausalModelException(
                null, $"The model has {intermediates.Length} variables between inputs and outputs; a counterfactual set needs 1 to 62.");
        }

        count = checked((count + batchSize - 1) / batchSize * batchSize);
        var (bases, labels) = (Columns(graph.Nodes, count), Columns(graph.Nodes, count));
        var sources = intermediates.Select(_ => Columns(graph.Inputs, count)).ToArray();
        var ids = new long[count];
        var (intervention, input, source, label) = (Row(), Row(), Row(), Row());
        for (var row = 0; row < count;)
        {
            DrawIntervention(intervention);
            for (var example = 0; example < batchSize; example++, row++)
            {
                DrawInput(input);
                input.AsSpan().CopyTo(label);
                var given = 0;
                for (var i = 0; i < intermediates.Length; i++)
                {
                    var at = intermediates[i].Index;
                    if (intervention[at] < 0) continue;
                    DrawSource(intermediates[i], intervention[at], source);
                    Store(source, sources[given++], row);
                    graph.Run(source, palettes);
                    label[at] = source[at];
                    ids[row] |= 1L << i;
                }

                for (; given < intermediates.Length; given++)
                {
                    foreach (var variable in graph.Inputs) sources[given][variable.Index]![row] = -1;
                }

                graph.Run(input, palettes);
                Store(input, bases, row);
                graph.Run(label, palettes);
                Store(label, labels, row);
            }
        }

        return new CounterfactualSamples(
            model, Settings(Only(graph.Inputs, bases), count), [.. sources.Select(columns => Settings(columns, count))], Settings(labels, count),
            Settings(bases, count), ImmutableCollectionsMarshal.AsImmutableArray(ids));
    }

    private void DrawInput(int[] codes)
    {
        if (options.Inputs is { } inputs)
        {
            Read(inputs(random), codes, "input");
            return;
        }

        Array.Fill(codes, -1);
        if (balanced is null) sampler.Uniform(random, codes);
        else sampler.Balanced(random, balanced, null, codes);
    }

    private void DrawSource(CausalNode node, int value, int[] codes)
    {
        if (options.Sources is { } sources)
        {
            Read(sources(random, node.Name, palettes[node.Index][value]), codes, "input");
            return;
        }

        Array.Fill(codes, -1);
        sampler.Balanced(random, node, value, codes);
    }

    private void DrawIntervention(int[] codes)
    {
        for (var refused = 0; ; Refuse(ref refused))
        {
            if (options.Interventions is { } interventions)
            {
                Read(interventions(random), codes, "intervention");
            }
            else if (options.Among is not null || (options.Inputs is not null && !graph.Intermediates.All(sampler.IsClosed)))
            {
                Read(model.SampleIntervention(random, options.Among ?? model.Intermediates, options.Inputs), codes, "intervention");
            }
            else
            {
                Array.Fill(codes, -1);
                sampler.Intervention(random, codes);
            }

            if (codes.All(code => code < 0)) throw new CausalModelException(null, "An intervention was drawn that names no variable; name at least one.");
            if (options.Filter is not { } filter || filter(graph.Setting(codes, palettes))) return;
        }
    }

    private void Read(CausalSetting? setting, int[] codes, string what)
    {
        graph.Read(setting ?? throw new CausalModelException(null, $"The sampler of an {what} returned null; expected a setting."), codes, palettes);
        foreach (var node in graph.Nodes)
        {
            if (codes[node.Index] < 0 || (what == "input" ? node.IsInput : !node.IsInput && !node.IsOutput)) continue;
            throw new CausalModelException(
                node.Name,
                $"The sampler of an {what} set '{node.Name}', which is an {(node.IsInput ? "input" : node.IsOutput ? "output" : "intermediate variable")}; "
                    + $"expected {(what == "input" ? "inputs" : "variables between inputs and outputs")} only.");
        }
    }

    private static void Refuse(ref int refused)
    {
        if (++refused < MostRefusals) return;
        throw new CausalModelException(
            null, $"The filter refused {MostRefusals} draws in a row; it may let nothing through. Give a sampler that draws what is wanted.");
    }

    private int[] Row() => new int[graph.Nodes.Length];

    private int[]?[] Columns(IEnumerable<CausalNode> nodes, int count)
    {
        var columns = new int[]?[graph.Nodes.Length];
        foreach (var node in nodes) columns[node.Index] = new int[count];
        return columns;
    }

    private int[]?[] Only(IEnumerable<CausalNode> nodes, int[]?[] all)
    {
        var columns = new int[]?[graph.Nodes.Length];
        foreach (var node in nodes) columns[node.Index] = all[node.Index];
        return columns;
    }

    private CausalSettings Settings(int[]?[] columns, int count) => new(graph, palettes, columns, count);

    private static void Store(int[] codes, int[]?[] columns, int row)
    {
        for (var i = 0; i < codes.Length; i++)
        {
            if (columns[i] is { } column) column[row] = codes[i];
        }
    }
}
