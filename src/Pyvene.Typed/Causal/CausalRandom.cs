namespace Pyvene.Typed.Causal;

/// <summary>Draws numbers from a seed: the same ones on every machine and in every version (SplitMix64). Not for several threads at once.</summary>
/// <param name="seed">The seed.</param>
public sealed class CausalRandom(long seed)
{
    private ulong state = unchecked((ulong)seed);

    /// <summary>Draws a whole number, each equally likely.</summary>
    /// <param name="bound">How many there are.</param>
    /// <returns>0 to <paramref name="bound"/> - 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not positive.</exception>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        return (int)Next((ulong)bound);
    }

    internal ulong Next(ulong bound)
    {
        // Lemire: the high half is the number; of the low half, what would make some numbers likelier is drawn again.
        var high = Math.BigMul(Bits(), bound, out var low);
        if (low >= bound) return high;
        for (var uneven = (0UL - bound) % bound; low < uneven;) high = Math.BigMul(Bits(), bound, out low);
        return high;
    }

    private ulong Bits()
    {
        state = unchecked(state + 0x9E3779B97F4A7C15);
        var mixed = unchecked((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB);
        return mixed ^ (mixed >> 31);
    }
}
