namespace Pyvene.Typed;

/// <summary>Makes partitions of the features of a place.</summary>
public static class Partition
{
    /// <summary>Returns a partition with named parts, such as <c>Partition.Of((Part.Subject, 0..64), (Part.Object, 64..128))</c>.</summary>
    /// <typeparam name="TName">The type of the names; an enum of your own makes a misspelt one an error of the compiler.</typeparam>
    /// <param name="parts">The parts, at least one: each a name and its features, from the start.</param>
    /// <exception cref="ArgumentException">There is no part, a part is empty or counts from the end, two overlap, or two have one name.</exception>
    public static Partition<TName> Of<TName>(params ReadOnlySpan<(TName Name, Range Range)> parts)
        where TName : notnull => new([.. parts.ToArray().Select(part => (part.Name, Features.In(part.Range)))]);

    /// <summary>Returns a partition into parts of equal width, one a name.</summary>
    /// <typeparam name="TName">The type of the names.</typeparam>
    /// <param name="width">The number of features, a multiple of the number of names.</param>
    /// <param name="names">The names in the order of the parts, at least one.</param>
    /// <exception cref="ArgumentException">There is no name, the width is no multiple of their number, or two are equal.</exception>
    public static Partition<TName> Even<TName>(int width, params ReadOnlySpan<TName> names)
        where TName : notnull
    {
        if (names.Length == 0 || width <= 0 || width % names.Length != 0)
        {
            throw new ArgumentException($"{width} features cannot be divided into {names.Length} equal parts.", nameof(width));
        }

        var part = width / names.Length;
        return new([.. names.ToArray().Select((name, index) => (name, Features.In((index * part)..((index + 1) * part))))]);
    }
}
