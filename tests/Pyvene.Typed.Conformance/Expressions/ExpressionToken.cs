using System.Text.RegularExpressions;

namespace Pyvene.Typed.Conformance.Expressions;

/// <summary>A part of an expression.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text.</param>
/// <param name="Start">Where it starts, from 0.</param>
internal sealed partial record ExpressionToken(ExpressionTokenKind Kind, string Text, int Start)
{
    private const int Most = 500;

    /// <summary>Splits a text into its parts; the last one is always the end.</summary>
    /// <exception cref="FormatException">A character belongs to no expression, or the text is too long.</exception>
    public static List<ExpressionToken> Split(string text)
    {
        var tokens = new List<ExpressionToken>();
        var end = 0;
        for (var match = Part().Match(text); match.Success; match = match.NextMatch())
        {
            if (match.Index != end) break;
            end += match.Length;
            if (!match.Groups["space"].Success) tokens.Add(new ExpressionToken(KindOf(match), match.Value, match.Index));
        }

        if (tokens.Count > Most) throw new FormatException($"the expression has {tokens.Count} parts; at most {Most} are read");
        if (end < text.Length) throw new FormatException($"'{text}', character {end + 1}: '{text[end]}' belongs to no expression");
        tokens.Add(new ExpressionToken(ExpressionTokenKind.End, "", text.Length));
        return tokens;
    }

    private static ExpressionTokenKind KindOf(Match match) => match.Groups["name"].Success ? ExpressionTokenKind.Name
        : match.Groups["number"].Success ? ExpressionTokenKind.Number : ExpressionTokenKind.Sign;

    [GeneratedRegex(@"(?<space>\s+)|(?<name>[A-Za-z_]\w*)|(?<number>(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?)|(?<sign>>=|<=|==|!=|[-+*/()\[\],.<>])")]
    private static partial Regex Part();
}
