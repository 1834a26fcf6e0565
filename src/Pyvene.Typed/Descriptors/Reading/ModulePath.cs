using System.Linq;

namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Reads module paths such as <c>h[layer].mlp</c>; a leading <c>/</c> starts at the model itself.</summary>
internal static class ModulePath
{
    /// <summary>Returns whether a path can be read.</summary>
    /// <param name="path">The path.</param>
    public static bool IsReadable(string path) =>
        path == Root
        || (path.LastIndexOf('/') <= 0
            && path.TrimStart('/').Split('.').All(IsSegment)
            && Count(path, "[layer]") <= 1
            && Count(path, "[sublayer]") <= Count(path, "[layer]"));

    /// <summary>Is the path of the model itself.</summary>
    public const string Root = "/";

    private static int Count(string path, string index) => path.Split([index], System.StringSplitOptions.None).Length - 1;

    private static bool IsSegment(string segment)
    {
        var bracket = segment.IndexOf('[');
        var name = bracket < 0 ? segment : segment.Substring(0, bracket);
        return name.Length > 0
            && name.All(IsNameCharacter)
            && (bracket < 0 || (segment[segment.Length - 1] == ']'
                && segment.Substring(bracket + 1, segment.Length - bracket - 2).Split(["]["], System.StringSplitOptions.None).All(IsIndex)));
    }

    private static bool IsIndex(string index) => index is "layer" or "sublayer" || (index.Length > 0 && index.All(digit => digit is >= '0' and <= '9'));

    private static bool IsNameCharacter(char character) => character is '_' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9');
}
