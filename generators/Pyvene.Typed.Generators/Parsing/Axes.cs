using System.Collections.Generic;
using System.Linq;

namespace Pyvene.Typed.Generators.Parsing;

/// <summary>Lists the words for axes whose size depends on the input; every other axis is a size.</summary>
internal static class Axes
{
    /// <summary>Gets the words.</summary>
    public static IReadOnlyList<string> Words { get; } =
        ["batch", "position", "head", "query", "key", "channel", "height", "width", "feature", "image", "tile", "call", "sense", "label"];

    /// <summary>Returns whether a name is a word for an axis.</summary>
    /// <param name="name">The name.</param>
    public static bool IsWord(string name) => Words.Contains(name);
}
