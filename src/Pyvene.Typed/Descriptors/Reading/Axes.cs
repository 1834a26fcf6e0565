using System.Collections.Generic;
using System.Linq;

namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Lists the words for axes whose size depends on the input; every other axis is a size.</summary>
internal static class Axes
{
    /// <summary>Gets the words.</summary>
    public static IReadOnlyList<string> Words { get; } =
        ["batch", "position", "step", "head", "kvHead", "query", "key", "channel", "height", "width", "feature", "image", "tile", "call", "sense", "label"];

    /// <summary>Returns whether an axis is one of heads: query heads, or key/value heads where several query heads share one.</summary>
    /// <param name="name">The axis.</param>
    public static bool IsHead(string name) => name is "head" or "kvHead";

    /// <summary>Returns whether a name is a word for an axis.</summary>
    /// <param name="name">The name.</param>
    public static bool IsWord(string name) => Words.Contains(name);
}
