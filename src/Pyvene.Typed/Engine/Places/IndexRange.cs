using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Engine;

/// <summary>Checks indices against the length of their axis.</summary>
internal static class IndexRange
{
    /// <summary>Checks that every index lies below a count.</summary>
    /// <param name="index">The indices; null = all, which always do.</param>
    /// <param name="count">The count.</param>
    /// <param name="field">The field of the configuration that holds them.</param>
    /// <param name="where">The place, in words, for messages.</param>
    /// <param name="fact">What there is, in words.</param>
    /// <exception cref="InterventionException">One does not.</exception>
    public static void Check(IndexRows? index, long count, string field, string where, string fact)
    {
        if (index is null || index.Largest < count) return;
        var example = index.Rows.TakeWhile(row => row.All(value => value < count)).Count();
        var wrong = index.Rows[example].First(value => value >= count);
        throw new InterventionException(field, $"{where}: {wrong}{(index.IsPerExample ? $" of example {example}" : "")} is out of range; {fact}.");
    }
}
