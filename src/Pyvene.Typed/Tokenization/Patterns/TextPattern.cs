namespace Pyvene.Typed.Tokenization.Patterns;

/// <summary>
/// A regular expression of a tokenizer, matched on Unicode code points with a bounded number of steps.
/// </summary>
/// <remarks>
/// The syntax is that of Oniguruma as far as tokenizers use it: sets with properties, groups, greedy, lazy and possessive repetition, assertions,
/// the flag <c>i</c>. No captures and no back references. Thread-safe.
/// </remarks>
internal sealed class TextPattern
{
    private readonly string source;
    private readonly PatternNode start;
    private readonly int loops;

    private TextPattern(string source, PatternNode start, int loops)
    {
        this.source = source;
        this.start = start;
        this.loops = loops;
    }

    /// <exception cref="FormatException">The pattern is malformed or uses what this does not have.</exception>
    public static TextPattern Parse(string source)
    {
        var tree = new PatternParser(source).Parse();
        var compiler = new PatternCompiler();
        var start = compiler.Compile(tree, AcceptNode.Instance);
        return new TextPattern(source, start, compiler.Loops);
    }

    /// <summary>A pattern that matches exactly this text.</summary>
    public static TextPattern Literal(string text) =>
        new(text, new PatternCompiler().Compile(PatternParser.Literal(text, ignoreCase: false), AcceptNode.Instance), 0);

    /// <summary>Adds every match in <paramref name="text"/>, from left to right and without overlap, leaving out empty ones.</summary>
    public void FindAll(ReadOnlySpan<char> text, List<TextSpan> matches)
    {
        var cursor = new PatternCursor(text, source, loops);
        var first = start.First;
        for (var position = 0; position < text.Length;)
        {
            var codePoint = CodePoints.Read(text, position, out var width);
            var end = first is null || first.Contains(codePoint) ? start.Match(ref cursor, position) : -1;
            if (end > position)
            {
                matches.Add(new TextSpan(position, end));
                position = end;
            }
            else
            {
                position += width;
            }
        }
    }
}
