namespace Pyvene.Typed.Tokenization.Models;

/// <summary>The merges of byte-pair encoding: which two neighbours join, in which order, and to what.</summary>
/// <remarks>An open hash table, since every step of every new piece asks it; the multiplier is drawn anew, so that no file can be made to collide.</remarks>
internal sealed class MergeTable
{
    private const ulong Empty = ulong.MaxValue;
    private readonly ulong multiplier = (ulong)Random.Shared.NextInt64() << 1 | 1;
    private readonly int shift;
    private readonly ulong[] pairs;
    private readonly (int Rank, int Id)[] merges;

    public MergeTable(int count)
    {
        var bits = Math.Max(4, 64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)count * 2));
        shift = 64 - bits;
        pairs = new ulong[1 << bits];
        merges = new (int, int)[1 << bits];
        Array.Fill(pairs, Empty);
    }

    /// <summary>Adds a merge; of two with the same pair the later counts. At most as many as the table was made for.</summary>
    public void Add(int left, int right, int rank, int id)
    {
        var slot = Find(Pair(left, right));
        pairs[slot] = Pair(left, right);
        merges[slot] = (rank, id);
    }

    public bool TryGet(int left, int right, out int rank, out int id)
    {
        var pair = Pair(left, right);
        var slot = Find(pair);
        (rank, id) = merges[slot];
        return pairs[slot] == pair;
    }

    private static ulong Pair(int left, int right) => (ulong)(uint)left << 32 | (uint)right;

    private int Find(ulong pair)
    {
        var slot = (int)(pair * multiplier >> shift);
        while (pairs[slot] != pair && pairs[slot] != Empty)
        {
            slot = slot + 1 & pairs.Length - 1;
        }

        return slot;
    }
}
