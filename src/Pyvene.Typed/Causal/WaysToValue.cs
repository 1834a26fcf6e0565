using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Causal;

/// <summary>Holds for each value of a variable the combinations of others that bring it about.</summary>
/// <param name="node">The variable.</param>
/// <param name="combinations">By code of its value: the combinations.</param>
/// <param name="over">What a combination sets, the last one changing fastest: parents, or the inputs above where the way up is no tree.</param>
/// <param name="parents">The ways to the values of the parents, in a tree.</param>
internal sealed class WaysToValue(CausalNode node, long[][] combinations, CausalNode[] over, WaysToValue[] parents)
{
    public CausalNode Node => node;

    /// <summary>Gets the codes of the values that some input brings about.</summary>
    public int[] Reachable { get; } = [.. Enumerable.Range(0, combinations.Length).Where(code => combinations[code].Length > 0)];

    public bool IsReachable(int code) => combinations[code].Length > 0;

    /// <summary>Sets the inputs above to some that bring about a value.</summary>
    public void Draw(CausalRandom random, int code, Span<int> codes)
    {
        var ways = combinations[code];
        if (ways.Length == 0)
        {
            throw new CausalModelException(node.Name, $"No input brings about {node.Domain![code]} as the value of '{node.Name}'.");
        }

        Unpack(ways[ways.Length == 1 ? 0 : random.Next(ways.Length)], over, codes);
        foreach (var parent in parents)
        {
            if (parent.Node.IsInput) continue;
            var wanted = codes[parent.Node.Index];
            codes[parent.Node.Index] = -1; // the result is an input, not the way to it
            parent.Draw(random, wanted, codes);
        }
    }

    public static void Unpack(long combination, CausalNode[] over, Span<int> codes)
    {
        for (var i = over.Length - 1; i >= 0; i--)
        {
            (combination, var code) = Math.DivRem(combination, over[i].Domain!.Count);
            codes[over[i].Index] = (int)code;
        }
    }
}
