namespace Pyvene.Typed;

/// <summary>Writes lists for messages, which show the beginning and the end of a long one.</summary>
internal static class Listing
{
    private const int Longest = 8;
    private const int Shown = 4;

    /// <summary>Returns the items with commas; of a long list the first, the last, and how many there are.</summary>
    /// <param name="items">The items in words.</param>
    public static string Of(IReadOnlyList<string> items) => items.Count <= Longest
        ? string.Join(", ", items)
        : $"{string.Join(", ", items.Take(Shown))}, …, {items[^1]} ({items.Count} in all)";
}
