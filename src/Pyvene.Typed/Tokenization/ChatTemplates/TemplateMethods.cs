using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>The methods that texts, lists and dictionaries have in a template; none of them changes its value.</summary>
internal static class TemplateMethods
{
    public static TemplateFunction? OfMapping(TemplateMapping mapping, string name, TemplateBudget budget)
    {
        TemplateFunction Takes(string parameters, Func<TemplateCall, object?> run) => Method(mapping, name, parameters, run, budget);
        return name switch
        {
            "items" => Takes("", _ => Items(mapping, budget)),
            "keys" => Takes("", _ => new TemplateList(PythonValue.Items(mapping, budget))),
            "values" => Takes("", _ => Values(mapping, budget)),
            "get" => Takes("(key) default", call => PythonValue.Find(mapping, call.Get(0, "key"), out var value) ? value : call.Get(1, "default")),
            "pop" or "popitem" or "update" or "setdefault" or "clear" => _ => throw Changes(name),
            _ => null,
        };
    }

    public static TemplateFunction? OfList(TemplateList list, string name, TemplateBudget budget)
    {
        TemplateFunction Takes(string parameters, Func<TemplateCall, object?> run) => Method(list, name, parameters, run, budget);
        return name switch
        {
            "index" => Takes("(value)", call => Index(list, call.Get(0, "value"), budget)),
            "count" => Takes("(value)", call => (long)list.Items.Count(item => PythonValue.Equals(item, call.Get(0, "value"), budget))),
            "append" or "extend" or "insert" or "pop" or "remove" or "reverse" or "sort" or "clear" => _ => throw Changes(name),
            _ => null,
        };
    }

    public static TemplateFunction? OfText(string text, string name, TemplateBudget budget)
    {
        TemplateFunction Takes(string parameters, Func<TemplateCall, object?> run) => Method(text, name, parameters, run, budget);
        return name switch
        {
            "strip" => Takes("chars", call => Strip(text, call, left: true, right: true, budget)),
            "lstrip" => Takes("chars", call => Strip(text, call, left: true, right: false, budget)),
            "rstrip" => Takes("chars", call => Strip(text, call, left: false, right: true, budget)),
            "lower" => Takes("", _ => text.ToLowerInvariant()),
            "upper" => Takes("", _ => text.ToUpperInvariant()),
            "title" => Takes("", _ => Title(text)),
            "capitalize" => Takes("", _ => Capitalize(text)),
            "startswith" => Takes("(prefix)", call => Affixes(call, "prefix", budget).Any(affix => text.StartsWith(affix, StringComparison.Ordinal))),
            "endswith" => Takes("(suffix)", call => Affixes(call, "suffix", budget).Any(affix => text.EndsWith(affix, StringComparison.Ordinal))),
            "removeprefix" => Takes("(prefix)", call => Text(call, "prefix") is var prefix && text.StartsWith(prefix, StringComparison.Ordinal)
                ? text[prefix.Length..] : text),
            "removesuffix" => Takes("(suffix)", call => Text(call, "suffix") is var suffix && text.EndsWith(suffix, StringComparison.Ordinal)
                ? text[..^suffix.Length] : text),
            "replace" => Takes("(old) (new) count", call => Replace(text, call, budget)),
            "split" => Takes("sep maxsplit", call => Split(text, call, fromRight: false, budget)),
            "rsplit" => Takes("sep maxsplit", call => Split(text, call, fromRight: true, budget)),
            "splitlines" => Takes("", _ => new TemplateList(PythonString.Lines(text, budget))),
            "join" => Takes("(iterable)", call => Join(PythonValue.Items(call.Get(0, "iterable"), budget).Select(PythonValue.Text), text, budget)),
            "find" => Takes("(sub)", call => Find(text, Text(call, "sub"), fromRight: false, budget)),
            "rfind" => Takes("(sub)", call => Find(text, Text(call, "sub"), fromRight: true, budget)),
            "count" => Takes("(sub)", call => PythonString.Occurrences(text, Text(call, "sub"), budget).LongCount()),
            "isdigit" => Takes("", _ => text.Length > 0 && text.All(char.IsDigit)),
            "isalpha" => Takes("", _ => text.Length > 0 && text.All(char.IsLetter)),
            "isalnum" => Takes("", _ => text.Length > 0 && text.All(char.IsLetterOrDigit)),
            "isspace" => Takes("", _ => text.Length > 0 && text.All(character => PythonString.IsSpace(character))),
            "isupper" => Takes("", _ => text.Any(char.IsUpper) && !text.Any(char.IsLower)),
            "islower" => Takes("", _ => text.Any(char.IsLower) && !text.Any(char.IsUpper)),
            _ => null,
        };
    }

    public static TemplateList Items(TemplateMapping mapping, TemplateBudget budget)
    {
        budget.List(mapping.Entries.Count);
        budget.Spend(4 * mapping.Entries.Count);
        return new([.. mapping.Entries.Select(entry => new TemplateList([entry.Key, entry.Value], isTuple: true))]);
    }

    public static string Strip(string text, TemplateCall call, bool left, bool right, TemplateBudget budget) =>
        PythonString.Strip(text, call.Get(0, "chars") is { } characters ? PythonValue.Text(characters) : null, left, right, budget);

    public static string Join(IEnumerable<string> texts, string separator, TemplateBudget budget)
    {
        var result = new TemplateText(budget);
        foreach (var (index, text) in texts.Index())
        {
            budget.Spend();
            result.Append(index == 0 ? "" : separator).Append(text);
        }

        return result.ToString();
    }

    public static string Capitalize(string text) =>
        text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    public static string Title(string text) => string.Create(text.Length, text, (result, from) =>
    {
        for (var index = 0; index < from.Length; index++)
        {
            result[index] = index > 0 && char.IsLetter(from[index - 1]) ? char.ToLowerInvariant(from[index]) : char.ToUpperInvariant(from[index]);
        }
    });

    // Every call asks the budget for the value that the method belongs to and for the arguments: what a method does is a look or two at all of these.
    private static TemplateFunction Method(object value, string name, string parameters, Func<TemplateCall, object?> run, TemplateBudget budget)
    {
        budget.Spend(8);
        return call =>
        {
            call.Check(name, parameters);
            budget.Read(value);
            budget.Read(call);
            return run(call);
        };
    }

    private static TemplateList Values(TemplateMapping mapping, TemplateBudget budget)
    {
        budget.List(mapping.Entries.Count);
        return new TemplateList([.. mapping.Entries.Values]);
    }

    private static string Replace(string text, TemplateCall call, TemplateBudget budget) => PythonString.Replace(
        text, PythonValue.Text(call.Get(0, "old")), PythonValue.Text(call.Get(1, "new")), PythonValue.Integer(call.Get(2, "count", -1L)), budget);

    private static TemplateList Split(string text, TemplateCall call, bool fromRight, TemplateBudget budget) => new(PythonString.Split(
        text, call.Get(0, "sep") is { } separator ? PythonValue.Text(separator) : null, PythonValue.Integer(call.Get(1, "maxsplit", -1L)), fromRight, budget));

    private static long Find(string text, string part, bool fromRight, TemplateBudget budget)
    {
        budget.Search(text, part);
        var index = fromRight ? text.LastIndexOf(part, StringComparison.Ordinal) : text.IndexOf(part, StringComparison.Ordinal);
        budget.Spend(Math.Max(0, index) / 16);
        return index < 0 ? -1 : PythonString.Length(text[..index]);
    }

    private static long Index(TemplateList list, object? value, TemplateBudget budget)
    {
        for (var index = 0; index < list.Items.Count; index++)
        {
            if (PythonValue.Equals(list.Items[index], value, budget))
            {
                return index;
            }
        }

        throw new ChatTemplateException("The chat template looks for the index of what is not in the list.");
    }

    private static IEnumerable<string> Affixes(TemplateCall call, string name, TemplateBudget budget)
    {
        if (call.Get(0, name) is not TemplateList { IsTuple: true } several)
        {
            return [Text(call, name)];
        }

        return several.Items.Select(affix =>
        {
            budget.Read(affix);
            return PythonValue.Text(affix);
        });
    }

    private static string Text(TemplateCall call, string name) => PythonValue.Text(call.Get(0, name));

    private static ChatTemplateException Changes(string name) => new($"The chat template calls '{name}', which would change a value that is not its own.");
}
