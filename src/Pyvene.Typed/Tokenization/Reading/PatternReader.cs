using Pyvene.Typed.Json;
using Pyvene.Typed.Tokenization.Patterns;

namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>Reads a pattern: <c>{"Regex": …}</c>, or <c>{"String": …}</c> for a text as it stands.</summary>
internal static class PatternReader
{
    private const int LongestPattern = 10_000;

    public static TextPattern Read(JsonPlace place)
    {
        var isLiteral = place["String"].Exists;
        var regex = isLiteral ? place["String"] : place["Regex"];
        var source = regex.String();
        if (source.Length > LongestPattern)
        {
            throw regex.Error($"a pattern of {source.Length} characters is longer than the {LongestPattern} that are read");
        }

        try
        {
            return isLiteral ? TextPattern.Literal(source) : TextPattern.Parse(source);
        }
        catch (FormatException error)
        {
            throw regex.Error($"the pattern '{source}' cannot be used: {error.Message}", error);
        }
    }
}
