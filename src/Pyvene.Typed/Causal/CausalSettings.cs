using System.Collections;
using static TorchSharp.torch;

namespace Pyvene.Typed.Causal;

/// <summary>Is a list of settings of one model, held as columns: an entry is made when it is asked for. Immutable.</summary>
public sealed class CausalSettings : IReadOnlyList<CausalSetting>
{
    private readonly CausalGraph graph;
    private readonly Palette[] palettes;
    private readonly int[]?[] columns; // by variable: the codes, -1 where an entry leaves it out

    internal CausalSettings(CausalGraph graph, Palette[] palettes, int[]?[] columns, int count)
    {
        (this.graph, this.palettes, this.columns) = (graph, palettes, columns);
        Count = count;
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public CausalSetting this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            var codes = new int[columns.Length];
            for (var variable = 0; variable < codes.Length; variable++) codes[variable] = columns[variable] is { } column ? column[index] : -1;
            return graph.Setting(codes, palettes);
        }
    }

    /// <summary>Takes each entry from one of several lists of one drawing.</summary>
    /// <param name="lists">The lists, all of the same length and with the same variables.</param>
    /// <param name="choice">Returns which list an entry is taken from.</param>
    internal static CausalSettings Chosen(CausalSettings[] lists, Func<int, int> choice)
    {
        var columns = new int[]?[lists[0].columns.Length];
        for (var variable = 0; variable < columns.Length; variable++)
        {
            if (lists.All(list => list.columns[variable] is not null)) columns[variable] = new int[lists[0].Count];
        }

        for (var row = 0; row < lists[0].Count; row++)
        {
            var list = lists[choice(row)];
            for (var variable = 0; variable < columns.Length; variable++)
            {
                if (columns[variable] is { } column) column[row] = list.columns[variable]![row];
            }
        }

        return new CausalSettings(lists[0].graph, lists[0].palettes, columns, lists[0].Count);
    }

    /// <summary>Makes a tensor of some variables: booleans as 0 and 1, vectors side by side.</summary>
    /// <param name="variables">The variables, in the order of the tensor.</param>
    /// <returns>[example, numbers], float32, zeros where an entry leaves a variable out; the caller disposes it.</returns>
    /// <exception cref="Errors.CausalModelException">A variable is unknown, has texts, or vectors of different lengths.</exception>
    public Tensor ToTensor(params IEnumerable<string> variables)
    {
        var nodes = variables.Select(name => graph[name]).ToArray();
        var numbers = nodes.Select(node => Numbers(palettes[node.Index], node.Name)).ToArray();
        var width = numbers.Sum(value => value.Width);
        var flat = new float[(long)Count * width];
        for (var (i, start) = (0, 0); i < nodes.Length; start += numbers[i++].Width)
        {
            if (columns[nodes[i].Index] is not { } codes) continue;
            var (values, size) = numbers[i];
            for (var row = 0; row < Count; row++)
            {
                if (codes[row] >= 0) values.AsSpan(codes[row] * size, size).CopyTo(flat.AsSpan(row * width + start));
            }
        }

        return tensor(flat, [Count, width], dtype: float32);
    }

    /// <inheritdoc/>
    public IEnumerator<CausalSetting> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return this[i];
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static (float[] Values, int Width) Numbers(Palette palette, string name)
    {
        var width = palette.Count == 0 ? 1 : palette[0].Width;
        var values = new float[palette.Count * width];
        for (var code = 0; code < palette.Count; code++)
        {
            if (width == 0 || palette[code].Width != width)
            {
                throw new Errors.CausalModelException(
                    name, $"The values of '{name}' have no form in a tensor: {palette[code]} is a {palette[code].Kind} of {palette[code].Width} numbers, "
                        + $"and {palette[0]} has {width}; expected as many numbers each.");
            }

            palette[code].Write(values.AsSpan(code * width, width));
        }

        return (values, width);
    }
}
