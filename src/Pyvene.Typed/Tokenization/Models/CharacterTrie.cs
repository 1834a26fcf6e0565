using System.Numerics;

namespace Pyvene.Typed.Tokenization.Models;

/// <summary>Texts with numbers, walked character by character; read-only once built, and then thread-safe.</summary>
/// <remarks>An open hash table of edges, whose multiplier is drawn anew so that no file can be made to collide.</remarks>
internal sealed class CharacterTrie
{
    /// <summary>The node of the empty text.</summary>
    public const int Root = 0;

    private readonly ulong multiplier = (ulong)Random.Shared.NextInt64() << 1 | 1;
    private ulong[] edges = new ulong[64];
    private int[] targets = new int[64];
    private int[] values = new int[64];
    private int shift = 64 - 6;
    private int nodes = 1;

    public CharacterTrie() => Array.Fill(values, -1);

    /// <summary>Sets the number of a text, which is not negative; of two for one text the later counts.</summary>
    public void Add(string text, int value)
    {
        var node = Root;
        foreach (var character in text)
        {
            var next = Next(node, character);
            node = next >= 0 ? next : AddNode(node, character);
        }

        values[node] = value;
    }

    /// <summary>Gives the node one character on; -1 where no text goes on so.</summary>
    public int Next(int node, char character)
    {
        var slot = Find(Edge(node, character));
        return edges[slot] == 0 ? -1 : targets[slot];
    }

    /// <summary>Gives the node at the end of a text; -1 where no text begins so.</summary>
    public int Walk(int node, ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            node = node < 0 ? node : Next(node, character);
        }

        return node;
    }

    /// <summary>Gives the number of the text that ends at a node; -1 where none does.</summary>
    public int Value(int node) => values[node];

    private static ulong Edge(int node, char character) => ((ulong)(uint)node << 16 | character) + 1;

    private int Find(ulong edge)
    {
        var slot = (int)(edge * multiplier >> shift);
        while (edges[slot] != edge && edges[slot] != 0)
        {
            slot = slot + 1 & edges.Length - 1;
        }

        return slot;
    }

    private int AddNode(int node, char character)
    {
        if (nodes * 2 >= edges.Length)
        {
            Grow();
        }

        var slot = Find(Edge(node, character));
        (edges[slot], targets[slot]) = (Edge(node, character), nodes);
        return nodes++;
    }

    private void Grow()
    {
        var (oldEdges, oldTargets) = (edges, targets);
        (edges, targets) = (new ulong[oldEdges.Length * 2], new int[oldEdges.Length * 2]);
        shift = 64 - BitOperations.Log2((uint)edges.Length);
        var oldNodes = values.Length;
        Array.Resize(ref values, edges.Length);
        Array.Fill(values, -1, oldNodes, values.Length - oldNodes);
        for (var old = 0; old < oldEdges.Length; old++)
        {
            if (oldEdges[old] != 0)
            {
                var slot = Find(oldEdges[old]);
                (edges[slot], targets[slot]) = (oldEdges[old], oldTargets[old]);
            }
        }
    }
}
