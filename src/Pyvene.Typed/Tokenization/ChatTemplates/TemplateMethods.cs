using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>The methods that texts, lists and dictionaries have in a template; none of them changes its value.</summary>
internal static class TemplateMethods
{
    public static TemplateFunction? OfMapping(TemplateMapping mapping, string name) => name switch
    {
        "items" => _ => Items(mapping),
        "keys" => _ => new TemplateList([.. mapping.Entries.Keys]),
        "values" => _ => new TemplateList([.. mapping.Entries.Values]),
        "get" => call => call.Get(0, "key") is { } key && mapping.Entries.TryGetValue(key, out var value) ? value : call.Get(1, "default"),
        "pop" or "popitem" or "update" or "setdefault" or "clear" => _ => throw Changes(name),
        _ => null,
    };

    public static TemplateFunction? OfList(TemplateList list, string name) => name switch
    {
        "index" => call => Index(list, call),
        "count" => call => (long)list.Items.Count(item => PythonValue.Equals(item, call.Get(0, "value"))),
        "append" or "extend" or "insert" or "pop" or "remove" or "reverse" or "sort" or "clear" => _ => throw Changes(name),
        _ => null,
    };

    public static TemplateFunction? OfText(string text, string name, TemplateBudget budget) => name switch
    {
        "strip" => call => Strip(text, call, left: true, right: true),
        "lstrip" => call => Strip(text, call, left: true, right: false),
        "rstrip" => call => Strip(text, call, left: false, right: true),
        "lower" => _ => text.ToLowerInvariant(),
        "upper" => _ => text.ToUpperInvariant(),
        "title" => _ => Title(text),
        "capitalize" => _ => Capitalize(text),
        "startswith" => call => Affixes(call).Any(affix => text.StartsWith(affix, StringComparison.Ordinal)),
        "endswith" => call => Affixes(call).Any(affix => text.EndsWith(affix, StringComparison.Ordinal)),
        "removeprefix" => call => text.StartsWith(Text(call), StringComparison.Ordinal) ? text[Text(call).Length..] : text,
        "removesuffix" => call => Text(call) is { Length: > 0 } suffix && text.EndsWith(suffix, StringComparison.Ordinal) ? text[..^suffix.Length] : text,
        "replace" => call => Replace(text, Text(call), PythonValue.Text(call.Get(1, "new")), call.Get(2, "count"), budget),
        "split" => call => Split(text, call, fromRight: false, budget),
        "rsplit" => call => Split(text, call, fromRight: true, budget),
        "splitlines" => _ => new TemplateList([.. Lines(text)]),
        "join" => call => Join(PythonValue.Items(call.Get(0, "iterable")).Select(PythonValue.Text), text, budget),
        "find" => call => Find(text, Text(call), text.IndexOf(Text(call), StringComparison.Ordinal)),
        "rfind" => call => Find(text, Text(call), text.LastIndexOf(Text(call), StringComparison.Ordinal)),
        "count" => call => Text(call).Length == 0 ? PythonValue.Length(text) + 1L : Count(text, Text(call)),
        "isdigit" => _ => text.Length > 0 && text.All(char.IsDigit),
        "isalpha" => _ => text.Length > 0 && text.All(char.IsLetter),
        "isalnum" => _ => text.Length > 0 && text.All(char.IsLetterOrDigit),
        "isspace" => _ => text.Length > 0 && text.All(char.IsWhiteSpace),
        "isupper" => _ => text.Any(char.IsUpper) && !text.Any(char.IsLower),
        "islower" => _ => text.Any(char.IsLower) && !text.Any(char.IsUpper),
        _ => null,
    };

    public static TemplateList Items(TemplateMapping mapping) =>
        new([.. mapping.Entries.Select(entry => new TemplateList([entry.Key, entry.Value], isTuple: true))]);

    public static string Strip(string text, TemplateCall call, bool left, bool right)
    {
        var taken = call.Get(0, "chars") is string characters ? characters.AsSpan() : default;
        var all = call.Get(0, "chars") is null;
        var result = text.AsSpan();
        if (left)
        {
            result = all ? result.TrimStart() : result.TrimStart(taken);
        }

        if (right)
        {
            result = all ? result.TrimEnd() : result.TrimEnd(taken);
        }

        return result.ToString();
    }

    public static string Replace(string text, string old, string replacement, object? count, TemplateBudget budget)
    {
        var most = count is null ? -1 : PythonValue.Integer(count);
        var pieces = new List<string>();
        var reached = 0;
        while (most != 0)
        {
            var found = old.Length == 0
                ? reached + (pieces.Count == 0 ? 0 : 1)
                : text.IndexOf(old, reached, StringComparison.Ordinal);
            if (found < 0 || found > text.Length)
            {
                break;
            }

            pieces.Add(text[reached..found]);
            reached = found + old.Length;
            most--;
        }

        pieces.Add(text[reached..]);
        return Join(pieces, replacement, budget);
    }

    public static string Join(IEnumerable<string> texts, string separator, TemplateBudget budget)
    {
        var pieces = texts.ToList();
        budget.Text(pieces.Sum(piece => (long)piece.Length) + (long)separator.Length * Math.Max(0, pieces.Count - 1));
        return string.Join(separator, pieces);
    }

    public static string Capitalize(string text) =>
        text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    public static string Title(string text) => string.Concat(text.Select((character, index) =>
        index > 0 && char.IsLetter(text[index - 1]) ? char.ToLowerInvariant(character) : char.ToUpperInvariant(character)));

    public static IEnumerable<string> Lines(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }

    private static TemplateList Split(string text, TemplateCall call, bool fromRight, TemplateBudget budget)
    {
        var most = call.Has(1, "maxsplit") ? PythonValue.Integer(call.Get(1, "maxsplit")) : -1;
        budget.List(Math.Min(text.Length, TemplateBudget.LongestList));
        string[] parts;
        var separator = call.Get(0, "sep");
        if (separator is null && (most < 0 || !fromRight))
        {
            parts = SplitAtSpace(text, most);
        }
        else if (!fromRight || most < 0)
        {
            parts = text.Split(NotEmpty(separator), most < 0 ? int.MaxValue : (int)Math.Min(most + 1, int.MaxValue));
        }
        else
        {
            var all = separator is null ? SplitAtSpace(text, -1) : text.Split(NotEmpty(separator));
            var kept = (int)Math.Max(1, all.Length - most);
            parts = [string.Join(separator as string ?? " ", all[..kept]), .. all[kept..]];
        }

        budget.List(parts.Length);
        return new TemplateList(parts);
    }

    // White space of any length separates, and none is left at the ends but behind the last cut.
    private static string[] SplitAtSpace(string text, long most)
    {
        var parts = new List<string>();
        var rest = text.AsSpan().TrimStart();
        while (rest.Length > 0)
        {
            var end = 0;
            while (end < rest.Length && (parts.Count == most || !char.IsWhiteSpace(rest[end])))
            {
                end++;
            }

            parts.Add(rest[..end].ToString());
            rest = rest[end..].TrimStart();
        }

        return [.. parts];
    }

    private static string NotEmpty(object? separator) => PythonValue.Text(separator) is { Length: > 0 } text
        ? text
        : throw new ChatTemplateException("The chat template splits a text at nothing.");

    private static long Find(string text, string part, int index) => index < 0 ? -1 : PythonValue.Length(text[..index]);

    private static long Count(string text, string part)
    {
        var count = 0L;
        for (var index = text.IndexOf(part, StringComparison.Ordinal); index >= 0; index = text.IndexOf(part, index + part.Length, StringComparison.Ordinal))
        {
            count++;
        }

        return count;
    }

    private static object Index(TemplateList list, TemplateCall call)
    {
        var found = list.Items.Index().FirstOrDefault(entry => PythonValue.Equals(entry.Item, call.Get(0, "value")), (-1, null)).Index;
        return found >= 0 ? (long)found : throw new ChatTemplateException("The chat template looks for the index of what is not in the list.");
    }

    private static IEnumerable<string> Affixes(TemplateCall call) =>
        call.Get(0, "prefix") is TemplateList { IsTuple: true } several ? several.Items.Select(PythonValue.Text) : [Text(call)];

    private static string Text(TemplateCall call) => PythonValue.Text(call.Positional.Count > 0 ? call.Positional[0] : call.Named.Values.FirstOrDefault());

    private static ChatTemplateException Changes(string name) => new($"The chat template calls '{name}', which would change a value that is not its own.");
}
