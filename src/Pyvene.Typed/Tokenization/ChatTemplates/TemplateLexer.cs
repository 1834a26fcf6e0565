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

    private readonly string _source;
    private readonly List<TemplateToken> _tokens = [];
    private int _position;
    private int _line = 1;
    private bool _atLineStart = true;

    private TemplateLexer(string source)
    {
        source = source.ReplaceLineEndings("\n");
        _source = source.EndsWith('\n') ? source[..^1] : source;
    }

    public static List<TemplateToken> Tokenize(string source)
    {
        var lexer = new TemplateLexer(source);
        while (lexer._position < lexer._source.Length)
        {
            lexer.ReadText();
        }

        lexer.Add(TemplateTokenKind.End, "");
        return lexer._tokens;
    }

    private void ReadText()
    {
        var start = _position;
        var tag = start;
        do
        {
            tag = _source.IndexOf('{', tag);
        }
        while (tag >= 0 && !(tag + 1 < _source.Length && _source[tag + 1] is '{' or '%' or '#') && ++tag > 0);
        if (tag < 0)
        {
            AddText(_source[start..]);
            Advance(_source.Length);
            return;
        }

        var kind = _source[tag + 1];
        var sign = tag + 2 < _source.Length ? _source[tag + 2] : ' ';
        AddText(Strip(_source[start..tag], kind, sign));
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
        var isBlank = (lineStart > 0 || _atLineStart) && text.Length > lineStart && text.AsSpan(lineStart).IsWhiteSpace();
        return isBlank ? text[..lineStart] : text;
    }

    private void ReadComment()
    {
        var end = _source.IndexOf("#}", _position, StringComparison.Ordinal);
        if (end < 0)
        {
            throw Error("a comment does not end");
        }

        var sign = end > _position ? _source[end - 1] : ' ';
        Advance(end + 2);
        EndTag(sign, trimsNewline: true);
    }

    private void ReadBlock()
    {
        if (IsRaw(_position, "raw", out var body))
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
        EndTag(_source[body - 3], trimsNewline: true);
        for (var tag = _source.IndexOf("{%", _position, StringComparison.Ordinal); tag >= 0; tag = _source.IndexOf("{%", tag + 2, StringComparison.Ordinal))
        {
            var inner = tag + 2;
            var sign = inner < _source.Length ? _source[inner] : ' ';
            if (IsRaw(sign is '-' or '+' ? inner + 1 : inner, "endraw", out var end))
            {
                AddText(Strip(_source[_position..tag], '%', sign));
                Advance(end);
                EndTag(_source[end - 3], trimsNewline: true);
                return;
            }
        }

        throw Error("'raw' does not end");
    }

    private bool IsRaw(int position, string name, out int end)
    {
        end = _source.IndexOf("%}", position, StringComparison.Ordinal);
        var found = end >= 0 && _source[position..end].Trim().TrimEnd('-', '+').TrimEnd() == name;
        end += 2;
        return found;
    }

    /// <summary>Skips what the end of a tag takes of the text behind it.</summary>
    private void EndTag(char sign, bool trimsNewline)
    {
        var end = _position;
        if (sign == '-')
        {
            while (end < _source.Length && char.IsWhiteSpace(_source[end]))
            {
                end++;
            }
        }
        else if (trimsNewline && sign != '+' && end < _source.Length && _source[end] == '\n')
        {
            end++;
        }

        _atLineStart = end > 0 && _source[end - 1] == '\n';
        Advance(end);
    }

    private void ReadExpression(string close)
    {
        var depth = 0;
        while (true)
        {
            SkipSpace();
            if (_position >= _source.Length)
            {
                throw Error($"'{close}' is missing");
            }

            var sign = _source[_position];
            var isSigned = sign is '-' or '+' && string.CompareOrdinal(_source, _position + 1, close, 0, 2) == 0;
            if (depth == 0 && (isSigned || string.CompareOrdinal(_source, _position, close, 0, 2) == 0))
            {
                Advance(_position + (isSigned ? 3 : 2));
                EndTag(isSigned ? sign : ' ', trimsNewline: close == "%}");
                return;
            }

            ReadToken();
            depth += _tokens[^1] switch
            {
                { Kind: TemplateTokenKind.Operator, Text: "(" or "[" or "{" } => 1,
                { Kind: TemplateTokenKind.Operator, Text: ")" or "]" or "}" } => -1,
                _ => 0,
            };
        }
    }

    private void SkipSpace()
    {
        var end = _position;
        while (end < _source.Length && char.IsWhiteSpace(_source[end]))
        {
            end++;
        }

        Advance(end);
    }

    private void AddText(string text)
    {
        if (text.Length > 0)
        {
            Add(TemplateTokenKind.Text, text);
        }
    }

    private void Add(TemplateTokenKind kind, string text) => _tokens.Add(new TemplateToken(kind, text, _line));

    private void Advance(int position)
    {
        _line += _source.AsSpan(_position, position - _position).Count('\n');
        _position = position;
    }

    private ChatTemplateException Error(string message) => new($"Chat template, line {_line}: {message}.");
}
