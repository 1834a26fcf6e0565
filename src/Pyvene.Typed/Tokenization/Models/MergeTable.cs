namespace Pyvene.Typed.Tokenization.Models;

/// <summary>The merges of byte-pair encoding: which two neighbours join, in which order, and to what.</summary>
/// <remarks>An open hash table, since every step of every new piece asks it; the multiplier is drawn anew, so that no file can be made to collide.</remarks>
internal sealed class MergeTable
{
    private const ulong Empty = ulong.MaxValue;
    private readonly ulong _multiplier = (ulong)Random.Shared.NextInt64() << 1 | 1;
    private readonly int _shift;
    private readonly ulong[] _pairs;
    private readonly (int Rank, int Id)[] _merges;

    public MergeTable(int count)
    {
        var bits = Math.Max(4, 64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)count * 2));
        _shift = 64 - bits;
        _pairs = new ulong[1 << bits];
        _merges = new (int, int)[1 << bits];
        Array.Fill(_pairs, Empty);
    }

    /// <summary>Adds a merge; of two with the same pair the later counts. At most as many as the table was made for.</summary>
    public void Add(int left, int right, int rank, int id)
    {
        var slot = Find(Pair(left, right));
        _pairs[slot] = Pair(left, right);
        _merges[slot] = (rank, id);
    }

    public bool TryGet(int left, int right, out int rank, out int id)
    {
        var pair = Pair(left, right);
        var slot = Find(pair);
        (rank, id) = _merges[slot];
        return _pairs[slot] == pair;
    }

    private static ulong Pair(int left, int right) => (ulong)(uint)left << 32 | (uint)right;

    private int Find(ulong pair)
    {
        var slot = (int)(pair * _multiplier >> _shift);
        while (_pairs[slot] != pair && _pairs[slot] != Empty)
        {
            slot = slot + 1 & _pairs.Length - 1;
        }

        return slot;
    }
}
