using System.Globalization;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>Jinja's filters, what stands behind <c>|</c>.</summary>
internal sealed class TemplateFilters
{
    private const string Any = "…";
    private readonly TemplateBudget budget;
    private readonly TemplateTests tests;
    private readonly Func<object?, object?, object?> itemOf;
    private readonly Dictionary<string, (string Parameters, Func<object?, TemplateCall, object?> Run)> filters;

    public TemplateFilters(TemplateBudget budget, TemplateTests tests, Func<object?, object?, object?> itemOf)
    {
        this.budget = budget;
        this.tests = tests;
        this.itemOf = itemOf;
        filters = new(StringComparer.Ordinal)
        {
            ["abs"] = ("", (value, _) => double.IsNegative(PythonValue.Number(value)) ? TemplateArithmetic.Negate(value)
                : value is double ? value : PythonValue.Integer(value)),
            ["bool"] = ("", (value, _) => PythonValue.IsTrue(value)),
            ["capitalize"] = ("", (value, _) => TemplateMethods.Capitalize(Str(value))),
            ["count"] = ("", (value, _) => PythonValue.Length(value, budget)),
            ["d"] = ("default_value boolean", Default),
            ["default"] = ("default_value boolean", Default),
            ["dictsort"] = ("case_sensitive by reverse", DictSort),
            ["e"] = ("", (value, _) => Escape(Str(value))),
            ["escape"] = ("", (value, _) => Escape(Str(value))),
            ["first"] = ("", (value, _) => Items(value) is [var first, ..] ? first : new UndefinedValue("the first item")),
            ["float"] = ("default", (value, call) => PythonNumber.ToFloat(value) ?? call.Get(0, "default", 0.0)),
            ["indent"] = ("width first blank", Indent),
            ["int"] = ("default base", ToInteger),
            ["items"] = ("", (value, _) => Entries(value)),
            ["join"] = ("d attribute", Join),
            ["last"] = ("", (value, _) => Items(value) is [.., var last] ? last : new UndefinedValue("the last item")),
            ["length"] = ("", (value, _) => PythonValue.Length(value, budget)),
            ["list"] = ("", (value, _) => new TemplateList(Items(value))),
            ["lower"] = ("", (value, _) => Str(value).ToLowerInvariant()),
            ["map"] = (Any, Map),
            ["max"] = ("case_sensitive attribute", (value, call) => Extreme(value, call, isLargest: true)),
            ["min"] = ("case_sensitive attribute", (value, call) => Extreme(value, call, isLargest: false)),
            ["reject"] = (Any, (value, call) => Select(value, call, byAttribute: false, keep: false)),
            ["rejectattr"] = (Any, (value, call) => Select(value, call, byAttribute: true, keep: false)),
            ["replace"] = ("(old) (new) count", (value, call) => PythonString.Replace(
                Str(value), Str(call.Get(0, "old")), Str(call.Get(1, "new")), call.Get(2, "count") is { } count ? PythonValue.Integer(count) : -1, budget)),
            ["reverse"] = ("", (value, _) => Reverse(value)),
            ["round"] = ("precision method", Round),
            ["safe"] = ("", (value, _) => Str(value)),
            ["select"] = (Any, (value, call) => Select(value, call, byAttribute: false, keep: true)),
            ["selectattr"] = (Any, (value, call) => Select(value, call, byAttribute: true, keep: true)),
            ["sort"] = ("reverse case_sensitive attribute", Sort),
            ["string"] = ("", (value, _) => Str(value)),
            ["sum"] = ("attribute start", Sum),
            ["title"] = ("", (value, _) => Title(Str(value))),
            ["tojson"] = ("ensure_ascii indent separators sort_keys", (value, call) => PythonJson.Write(value, call, budget)),
            ["trim"] = ("chars", (value, call) => TemplateMethods.Strip(Str(value), call, left: true, right: true, budget)),
            ["unique"] = ("case_sensitive attribute", Unique),
            ["upper"] = ("", (value, _) => Str(value).ToUpperInvariant()),
            ["wordcount"] = ("", (value, _) => WordCount(Str(value))),
        };
    }

    /// <summary>Runs a filter; the budget is asked for its value and arguments, for what a filter does is a look or two at all of these.</summary>
    public object? Apply(string name, object? value, TemplateCall call)
    {
        budget.Spend();
        if (!filters.TryGetValue(name, out var filter))
        {
            throw new ChatTemplateException($"The chat template uses the filter '{Excerpt.Of(name)}', which is not supported.");
        }

        if (filter.Parameters != Any)
        {
            call.Check(name, filter.Parameters);
        }

        budget.Read(value);
        budget.Read(call);
        return filter.Run(value, call);
    }

    private string Str(object? value) => PythonText.Str(value, budget);

    private IReadOnlyList<object?> Items(object? value) => PythonValue.Items(value, budget);

    private static object? Default(object? value, TemplateCall call) =>
        value is UndefinedValue || PythonValue.IsTrue(call.Get(1, "boolean", false)) && !PythonValue.IsTrue(value) ? call.Get(0, "default_value", "") : value;

    private TemplateList Entries(object? value) => value switch
    {
        TemplateMapping mapping => TemplateMethods.Items(mapping, budget),
        UndefinedValue => new TemplateList([]),
        _ => throw new ChatTemplateException($"The chat template needs a dictionary, not {PythonValue.Kind(value)}."),
    };

    private string Escape(string text)
    {
        var result = new TemplateText(budget);
        foreach (var character in text)
        {
            _ = character switch
            {
                '&' => result.Append("&amp;"),
                '<' => result.Append("&lt;"),
                '>' => result.Append("&gt;"),
                '\'' => result.Append("&#39;"),
                '"' => result.Append("&#34;"),
                _ => result.Append(character),
            };
        }

        return result.ToString();
    }

    private static object? ToInteger(object? value, TemplateCall call) => call.Get(1, "base", 10L) is 10L
        ? PythonNumber.ToInteger(value) ?? call.Get(0, "default", 0L)
        : throw new ChatTemplateException("The chat template reads a number of another base than 10, which is not supported.");

    private static object Round(object? value, TemplateCall call)
    {
        var precision = Math.Clamp(PythonValue.Integer(call.Get(0, "precision", 0L)), -400, 400);
        var method = PythonValue.Text(call.Get(1, "method", "common"));
        if (method is not ("common" or "ceil" or "floor"))
        {
            throw new ChatTemplateException("The chat template rounds by a method that is none of 'common', 'ceil' and 'floor'.");
        }

        return PythonNumber.Round(value, (int)precision, method);
    }

    private TemplateList Unique(object? value, TemplateCall call)
    {
        var key = Key(call, caseSensitive: 0, attribute: 1);
        var seen = new HashSet<object>(new PythonKeys(budget));
        var hasNone = false;
        bool IsNew(object? item) => key(item) is { } known ? seen.Add(known) : !hasNone && (hasNone = true);
        budget.Spend(2 * PythonValue.Length(value, budget));
        return new TemplateList([.. Items(value).Where(IsNew)]);
    }

    private object Reverse(object? value)
    {
        if (value is string text)
        {
            return PythonString.Length(text) is var length ? PythonString.Take(text, length - 1, -1, length, budget) : "";
        }

        var items = Items(value);
        budget.List(items.Count);
        return new TemplateList([.. items.Reverse()]);
    }

    private string Indent(object? value, TemplateCall call)
    {
        var width = call.Get(0, "width", 4L);
        var indent = width as string ?? new TemplateText(budget).Append(" ", PythonValue.Integer(width)).ToString();
        var (first, blank) = (PythonValue.IsTrue(call.Get(1, "first", false)), PythonValue.IsTrue(call.Get(2, "blank", false)));
        var result = new TemplateText(budget);
        foreach (var (index, line) in PythonString.Lines(Str(value) + "\n", budget).Index())
        {
            var text = (string)line!;
            result.Append(index == 0 ? "" : "\n").Append((index == 0 ? first : blank || text.Length > 0) ? indent : "").Append(text);
        }

        return result.ToString();
    }

    private string Join(object? value, TemplateCall call)
    {
        var attribute = call.Get(1, "attribute");
        var items = Items(value).Select(item => attribute is null ? item : Attribute(item, attribute));
        return TemplateMethods.Join(items.Select(Str), Str(call.Get(0, "d", "")), budget);
    }

    private TemplateList Map(object? value, TemplateCall call)
    {
        var items = Items(value);
        if (call.Named.TryGetValue("attribute", out var attribute))
        {
            call.Check("map", "attribute default");
            return new TemplateList([.. items.Select(item => Attribute(item, attribute))
                .Select(found => found is UndefinedValue ? call.Named.GetValueOrDefault("default", found) : found)]);
        }

        var filter = PythonValue.Text(call.Get(0, "filter"));
        var rest = call.Skip(1);
        return new TemplateList([.. items.Select(item => Apply(filter, item, rest))]);
    }

    private TemplateList Select(object? value, TemplateCall call, bool byAttribute, bool keep)
    {
        var arguments = byAttribute ? call.Skip(1) : call;
        var attribute = !byAttribute ? null : call.Positional.Count > 0 ? call.Positional[0]
            : throw new ChatTemplateException("The chat template chooses by an attribute without naming one.");
        var test = arguments.Positional.Count == 0 ? null : PythonValue.Text(arguments.Positional[0]);
        var rest = arguments.Skip(1);
        bool Holds(object? item)
        {
            budget.Spend();
            var subject = byAttribute ? Attribute(item, attribute) : item;
            return test is null ? PythonValue.IsTrue(subject) : tests.Holds(test, subject, rest);
        }

        return new TemplateList([.. Items(value).Where(item => Holds(item) == keep)]);
    }

    private TemplateList DictSort(object? value, TemplateCall call)
    {
        var place = call.Get(1, "by", "key") switch
        {
            "key" => 0,
            "value" => 1,
            _ => throw new ChatTemplateException("The chat template sorts a dictionary by what is neither 'key' nor 'value'."),
        };
        var key = Key(call, caseSensitive: 0, attribute: null);
        return PythonOrder.Sort(Entries(value).Items, item => key(((TemplateList)item!).Items[place]), PythonValue.IsTrue(call.Get(2, "reverse")), budget);
    }

    private TemplateList Sort(object? value, TemplateCall call) =>
        PythonOrder.Sort(Items(value), Key(call, caseSensitive: 1, attribute: 2), PythonValue.IsTrue(call.Get(0, "reverse")), budget);

    private object? Extreme(object? value, TemplateCall call, bool isLargest)
    {
        var items = Items(value);
        return items.Count > 0 ? PythonOrder.Extreme(items, Key(call, caseSensitive: 0, attribute: 1), isLargest, budget)
            : new UndefinedValue(isLargest ? "the largest item" : "the smallest item");
    }

    // By what items are compared: an attribute, and texts without regard to case unless it is asked for.
    private Func<object?, object?> Key(TemplateCall call, int caseSensitive, int? attribute)
    {
        var isCaseSensitive = PythonValue.IsTrue(call.Get(caseSensitive, "case_sensitive"));
        var name = attribute is { } place ? call.Get(place, "attribute") : null;
        return item =>
        {
            var key = name is null ? item : Attribute(item, name);
            if (key is not string text || isCaseSensitive)
            {
                return key;
            }

            budget.Text(text.Length);
            return text.ToLowerInvariant();
        };
    }

    private object? Sum(object? value, TemplateCall call)
    {
        var attribute = call.Get(0, "attribute");
        return Items(value).Select(item => attribute is null ? item : Attribute(item, attribute))
            .Aggregate(call.Get(1, "start", 0L), (sum, item) => TemplateArithmetic.Apply("+", sum, item, budget));
    }

    // As Jinja: a word begins the text or stands behind a blank, a hyphen or an opening bracket.
    private static string Title(string text) => string.Create(text.Length, text, (result, from) =>
    {
        for (var index = 0; index < from.Length; index++)
        {
            var begins = index == 0 || from[index - 1] is '-' or '(' or '{' or '[' or '<' || PythonString.IsSpace(from[index - 1]);
            result[index] = begins ? char.ToUpperInvariant(from[index]) : char.ToLowerInvariant(from[index]);
        }
    });

    private static long WordCount(string text)
    {
        bool IsWord(int index) => text[index] == '_' || char.IsLetterOrDigit(text[index]);
        return Enumerable.Range(0, text.Length).LongCount(index => IsWord(index) && (index == 0 || !IsWord(index - 1)));
    }

    // "a.b" is a member of a member.
    private object? Attribute(object? item, object? attribute)
    {
        budget.Read(attribute);
        if (attribute is long)
        {
            return itemOf(item, attribute);
        }

        var names = PythonValue.Text(attribute).Split('.');
        budget.Spend(names.Length);
        return names.Aggregate(item, (value, name) =>
            itemOf(value, long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : name));
    }
}
