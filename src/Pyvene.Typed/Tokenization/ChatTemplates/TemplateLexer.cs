using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>
/// Cuts a Jinja template into tokens, with the settings of transformers: <c>trim_blocks</c> (the newline behind a statement is dropped),
/// <c>lstrip_blocks</c> (so is the blank before one that begins its line), and no newline at the very end.
/// </summary>
internal sealed partial class TemplateLexer
{
    private static readonly string[] Operators =
        ["**", "//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<", ">", "=", "(", ")", "[", "]", "{", "}", ",", ".", ":", "|"];

    private readonly string source;
    private readonly List<TemplateToken> tokens = [];
    private int position;
    private int line = 1;
    private bool atLineStart = true;

    private TemplateLexer(string source)
    {
        source = source.ReplaceLineEndings("\n");
        this.source = source.EndsWith('\n') ? source[..^1] : source;
    }

    public static List<TemplateToken> Tokenize(string source)
    {
        var lexer = new TemplateLexer(source);
        while (lexer.position < lexer.source.Length)
        {
            lexer.ReadText();
        }

        lexer.Add(TemplateTokenKind.End, "");
        return lexer.tokens;
    }

    private void ReadText()
    {
        var start = position;
        var tag = start;
        do
        {
            tag = source.IndexOf('{', tag);
        }
        while (tag >= 0 && !(tag + 1 < source.Length && source[tag + 1] is '{' or '%' or '#') && ++tag > 0);
        if (tag < 0)
        {
            AddText(source[start..]);
            Advance(source.Length);
            return;
        }

        var kind = source[tag + 1];
        var sign = tag + 2 < source.Length ? source[tag + 2] : ' ';
        AddText(Strip(source[start..tag], kind, sign));
        Advance(tag + (sign is '-' or '+' ? 3 : 2));
        switch (kind)
        {
            case '#':
                ReadComment();
                break;
            case '{':
                Add(TemplateTokenKind.OutputStart, "{{");
                ReadExpression("}}");
                Add(TemplateTokenKind.OutputEnd, "}}");
                break;
            default:
                ReadBlock();
                break;
        }
    }

    /// <summary>Takes off the end of a text what the tag behind it takes.</summary>
    private string Strip(string text, char kind, char sign)
    {
        if (sign == '-')
        {
            return text.TrimEnd();
        }

        if (sign == '+' || kind == '{')
        {
            return text;
        }

        var lineStart = text.LastIndexOf('\n') + 1;
        var isBlank = (lineStart > 0 || atLineStart) && text.Length > lineStart && text.AsSpan(lineStart).IsWhiteSpace();
        return isBlank ? text[..lineStart] : text;
    }

    private void ReadComment()
    {
        var end = source.IndexOf("#}", position, StringComparison.Ordinal);
        if (end < 0)
        {
            throw Error("a comment does not end");
        }

        var sign = end > position ? source[end - 1] : ' ';
        Advance(end + 2);
        EndTag(sign, trimsNewline: true);
    }

    private void ReadBlock()
    {
        if (IsRaw(position, "raw", out var body))
        {
            ReadRaw(body);
            return;
        }

        Add(TemplateTokenKind.BlockStart, "{%");
        ReadExpression("%}");
        Add(TemplateTokenKind.BlockEnd, "%}");
    }

    private void ReadRaw(int body)
    {
        Advance(body);
        EndTag(source[body - 3], trimsNewline: true);
        for (var tag = source.IndexOf("{%", position, StringComparison.Ordinal); tag >= 0; tag = source.IndexOf("{%", tag + 2, StringComparison.Ordinal))
        {
            var inner = tag + 2;
            var sign = inner < source.Length ? source[inner] : ' ';
            if (IsRaw(sign is '-' or '+' ? inner + 1 : inner, "endraw", out var end))
            {
                AddText(Strip(source[position..tag], '%', sign));
                Advance(end);
                EndTag(source[end - 3], trimsNewline: true);
                return;
            }
        }

        throw Error("'raw' does not end");
    }

    // Looks no further than the tag goes: there may be many.
    private bool IsRaw(int position, string name, out int end)
    {
        end = Blank(position);
        if (string.CompareOrdinal(source, end, name, 0, name.Length) != 0)
        {
            return false;
        }

        end = Blank(end + name.Length);
        end += end < source.Length && source[end] is '-' or '+' ? 1 : 0;
        var found = string.CompareOrdinal(source, end, "%}", 0, 2) == 0;
        end += 2;
        return found;
    }

    private int Blank(int start)
    {
        while (start < source.Length && char.IsWhiteSpace(source[start]))
        {
            start++;
        }

        return start;
    }

    /// <summary>Skips what the end of a tag takes of the text behind it.</summary>
    private void EndTag(char sign, bool trimsNewline)
    {
        var end = position;
        if (sign == '-')
        {
            end = Blank(end);
        }
        else if (trimsNewline && sign != '+' && end < source.Length && source[end] == '\n')
        {
            end++;
        }

        atLineStart = end > 0 && source[end - 1] == '\n';
        Advance(end);
    }

    private void ReadExpression(string close)
    {
        var depth = 0;
        while (true)
        {
            SkipSpace();
            if (position >= source.Length)
            {
                throw Error($"'{close}' is missing");
            }

            var sign = source[position];
            var isSigned = sign is '-' or '+' && string.CompareOrdinal(source, position + 1, close, 0, 2) == 0;
            if (depth == 0 && (isSigned || string.CompareOrdinal(source, position, close, 0, 2) == 0))
            {
                Advance(position + (isSigned ? 3 : 2));
                EndTag(isSigned ? sign : ' ', trimsNewline: close == "%}");
                return;
            }

            ReadToken();
            depth += tokens[^1] switch
            {
                { Kind: TemplateTokenKind.Operator, Text: "(" or "[" or "{" } => 1,
                { Kind: TemplateTokenKind.Operator, Text: ")" or "]" or "}" } => -1,
                _ => 0,
            };
        }
    }

    private void SkipSpace() => Advance(Blank(position));

    private void AddText(string text)
    {
        if (text.Length > 0)
        {
            Add(TemplateTokenKind.Text, text);
        }
    }

    private void Add(TemplateTokenKind kind, string text) => tokens.Add(new TemplateToken(kind, text, line));

    private void Advance(int end)
    {
        line += source.AsSpan(position, end - position).Count('\n');
        position = end;
    }

    private ChatTemplateException Error(string message) => new($"Chat template, line {line}: {message}.");
}
