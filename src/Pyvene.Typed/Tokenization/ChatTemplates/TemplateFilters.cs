using System.Globalization;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>Jinja's filters, what stands behind <c>|</c>.</summary>
internal sealed class TemplateFilters
{
    private readonly TemplateBudget budget;
    private readonly TemplateTests tests;
    private readonly Func<object?, string, object?> member;
    private readonly Dictionary<string, Func<object?, TemplateCall, object?>> filters;

    public TemplateFilters(TemplateBudget budget, TemplateTests tests, Func<object?, string, object?> member)
    {
        this.budget = budget;
        this.tests = tests;
        this.member = member;
        filters = new Dictionary<string, Func<object?, TemplateCall, object?>>(StringComparer.Ordinal)
        {
            ["abs"] = (value, _) => value is double number ? (object)Math.Abs(number) : Math.Abs(PythonValue.Integer(value)),
            ["bool"] = (value, _) => PythonValue.IsTrue(value),
            ["capitalize"] = (value, _) => TemplateMethods.Capitalize(PythonText.Str(value)),
            ["count"] = (value, _) => (long)PythonValue.Length(value),
            ["d"] = Default,
            ["default"] = Default,
            ["dictsort"] = (value, _) => new TemplateList([.. Entries(value).Items.OrderBy(item => ((TemplateList)item!).Items[0], Comparer<object?>.Create(PythonValue.Compare))]),
            ["e"] = (value, _) => Escape(PythonText.Str(value)),
            ["escape"] = (value, _) => Escape(PythonText.Str(value)),
            ["first"] = (value, _) => PythonValue.Items(value) is [var first, ..] ? first : new UndefinedValue("the first item"),
            ["float"] = (value, call) => ToFloat(value, call.Get(0, "default", 0.0)),
            ["indent"] = Indent,
            ["int"] = (value, call) => ToInteger(value, call.Get(0, "default", 0L)),
            ["items"] = (value, _) => Entries(value),
            ["join"] = Join,
            ["last"] = (value, _) => PythonValue.Items(value) is [.., var last] ? last : new UndefinedValue("the last item"),
            ["length"] = (value, _) => (long)PythonValue.Length(value),
            ["list"] = (value, _) => new TemplateList(PythonValue.Items(value)),
            ["lower"] = (value, _) => PythonText.Str(value).ToLowerInvariant(),
            ["map"] = Map,
            ["max"] = (value, _) => Ordered(value) is [.., var last] ? last : new UndefinedValue("the largest item"),
            ["min"] = (value, _) => Ordered(value) is [var first, ..] ? first : new UndefinedValue("the smallest item"),
            ["reject"] = (value, call) => Select(value, call, byAttribute: false, keep: false),
            ["rejectattr"] = (value, call) => Select(value, call, byAttribute: true, keep: false),
            ["replace"] = (value, call) => TemplateMethods.Replace(
                PythonText.Str(value), PythonText.Str(call.Get(0, "old")), PythonText.Str(call.Get(1, "new")), call.Get(2, "count"), budget),
            ["reverse"] = (value, _) => value is string text
                ? string.Concat(PythonValue.Characters(text).Reverse())
                : new TemplateList([.. PythonValue.Items(value).Reverse()]),
            ["round"] = Round,
            ["safe"] = (value, _) => PythonText.Str(value),
            ["select"] = (value, call) => Select(value, call, byAttribute: false, keep: true),
            ["selectattr"] = (value, call) => Select(value, call, byAttribute: true, keep: true),
            ["sort"] = Sort,
            ["string"] = (value, _) => PythonText.Str(value),
            ["sum"] = Sum,
            ["title"] = (value, _) => TemplateMethods.Title(PythonText.Str(value)),
            ["tojson"] = (value, call) => PythonJson.Write(value, call, budget),
            ["trim"] = (value, call) => TemplateMethods.Strip(PythonText.Str(value), call, left: true, right: true),
            ["unique"] = (value, _) => new TemplateList(Unique(PythonValue.Items(value))),
            ["upper"] = (value, _) => PythonText.Str(value).ToUpperInvariant(),
            ["wordcount"] = (value, _) => (long)PythonText.Str(value).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length,
        };
    }

    public object? Apply(string name, object? value, TemplateCall call)
    {
        budget.Spend(1 + (value is string text ? text.Length >> 6 : value is TemplateList list ? list.Items.Count : 0));
        return filters.TryGetValue(name, out var filter)
            ? filter(value, call)
            : throw new ChatTemplateException($"The chat template uses the filter '{name}', which is not supported.");
    }

    private static object? Default(object? value, TemplateCall call) =>
        value is UndefinedValue || PythonValue.IsTrue(call.Get(1, "boolean", false)) && !PythonValue.IsTrue(value) ? call.Get(0, "default_value", "") : value;

    private static TemplateList Entries(object? value) => value switch
    {
        TemplateMapping mapping => TemplateMethods.Items(mapping),
        UndefinedValue => new TemplateList([]),
        _ => throw new ChatTemplateException($"The chat template needs a dictionary, not {PythonValue.Kind(value)}."),
    };

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal).Replace("'", "&#39;", StringComparison.Ordinal).Replace("\"", "&#34;", StringComparison.Ordinal);

    private static object? ToInteger(object? value, object? otherwise) => value switch
    {
        bool or long => PythonValue.Integer(value),
        double number when Math.Abs(number) < long.MaxValue => (long)number,
        string text when long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        string text when double.TryParse(text, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < long.MaxValue => (long)number,
        _ => otherwise,
    };

    private static object? ToFloat(object? value, object? otherwise) => value switch
    {
        bool or long or double => PythonValue.Number(value),
        string text when double.TryParse(text, CultureInfo.InvariantCulture, out var number) => number,
        _ => otherwise,
    };

    private static object Round(object? value, TemplateCall call)
    {
        var scale = Math.Pow(10, Math.Clamp(PythonValue.Integer(call.Get(0, "precision", 0L)), -15, 15));
        var number = PythonValue.Number(value);
        return call.Get(1, "method", "common") switch
        {
            "ceil" => Math.Ceiling(number * scale) / scale,
            "floor" => Math.Floor(number * scale) / scale,
            _ => Math.Round(number * scale, MidpointRounding.ToEven) / scale,
        };
    }

    private static List<object?> Unique(IReadOnlyList<object?> items)
    {
        var unique = new List<object?>();
        foreach (var item in items.Where(item => !unique.Exists(known => PythonValue.Equals(known, item))))
        {
            unique.Add(item);
        }

        return unique;
    }

    private object Indent(object? value, TemplateCall call)
    {
        var width = call.Get(0, "width", 4L);
        var indent = width as string ?? new string(' ', (int)Math.Clamp(PythonValue.Integer(width), 0, 1000));
        var (first, blank) = (PythonValue.IsTrue(call.Get(1, "first", false)), PythonValue.IsTrue(call.Get(2, "blank", false)));
        var lines = (PythonText.Str(value) + "\n").ReplaceLineEndings("\n").Split('\n')[..^1];
        budget.Text(lines.Sum(line => (long)line.Length + indent.Length + 1));
        return string.Join('\n', lines.Select((line, index) => (index == 0 ? first : blank || line.Length > 0) ? indent + line : line));
    }

    private string Join(object? value, TemplateCall call)
    {
        var attribute = call.Get(1, "attribute");
        var items = PythonValue.Items(value).Select(item => attribute is null ? item : Attribute(item, attribute));
        return TemplateMethods.Join(items.Select(PythonText.Str), PythonText.Str(call.Get(0, "d", "")), budget);
    }

    private TemplateList Map(object? value, TemplateCall call)
    {
        var items = PythonValue.Items(value);
        if (call.Named.TryGetValue("attribute", out var attribute))
        {
            return new TemplateList([.. items.Select(item => Attribute(item, attribute))
                .Select(found => found is UndefinedValue ? call.Named.GetValueOrDefault("default", found) : found)]);
        }

        var filter = PythonValue.Text(call.Get(0, "filter"));
        return new TemplateList([.. items.Select(item => Apply(filter, item, call.Skip(1)))]);
    }

    private TemplateList Select(object? value, TemplateCall call, bool byAttribute, bool keep)
    {
        var arguments = byAttribute ? call.Skip(1) : call;
        bool Holds(object? item)
        {
            var subject = byAttribute ? Attribute(item, call.Get(0, "attribute")) : item;
            return arguments.Positional.Count == 0
                ? PythonValue.IsTrue(subject)
                : tests.Holds(PythonValue.Text(arguments.Positional[0]), subject, arguments.Skip(1));
        }

        return new TemplateList([.. PythonValue.Items(value).Where(item => Holds(item) == keep)]);
    }

    private TemplateList Sort(object? value, TemplateCall call)
    {
        var isCaseSensitive = PythonValue.IsTrue(call.Get(1, "case_sensitive", false));
        var attribute = call.Get(2, "attribute");
        object? Key(object? item)
        {
            var key = attribute is null ? item : Attribute(item, attribute);
            return key is string text && !isCaseSensitive ? text.ToLowerInvariant() : key;
        }

        var comparer = Comparer<object?>.Create(PythonValue.Compare);
        var items = PythonValue.Items(value);
        return new TemplateList([.. PythonValue.IsTrue(call.Get(0, "reverse", false)) ? items.OrderByDescending(Key, comparer) : items.OrderBy(Key, comparer)]);
    }

    private object? Sum(object? value, TemplateCall call)
    {
        var attribute = call.Get(0, "attribute");
        return PythonValue.Items(value).Select(item => attribute is null ? item : Attribute(item, attribute))
            .Aggregate(call.Get(1, "start", 0L), (sum, item) => TemplateArithmetic.Apply("+", sum, item, budget));
    }

    private static List<object?> Ordered(object? value) => [.. PythonValue.Items(value).Order(Comparer<object?>.Create(PythonValue.Compare))];

    // "a.b" is a member of a member.
    private object? Attribute(object? item, object? attribute) => attribute is long index
        ? PythonValue.Items(item).ElementAtOrDefault((int)Math.Clamp(index, -1, int.MaxValue))
        : PythonText.Str(attribute).Split('.').Aggregate(item, member);
}
