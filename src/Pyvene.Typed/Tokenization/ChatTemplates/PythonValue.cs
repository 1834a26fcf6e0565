using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>
/// Values as Python sees them: null is None, whole numbers are <see cref="long"/>, texts count code points. What goes through a value asks the budget
/// for every part of it, as often as it comes to it: values may share parts.
/// </summary>
internal static class PythonValue
{
    private const double Two63 = 9223372036854775808.0;

    public static bool IsTrue(object? value) => value switch
    {
        null or UndefinedValue => false,
        bool flag => flag,
        long number => number != 0,
        double number => number != 0,
        string text => text.Length > 0,
        TemplateList list => list.Items.Count > 0,
        TemplateMapping mapping => mapping.Entries.Count > 0,
        _ => true,
    };

    public static bool Equals(object? left, object? right, TemplateBudget budget)
    {
        budget.Spend();
        switch (left, right)
        {
            case (null, null) or (UndefinedValue, UndefinedValue):
                return true;
            case (string a, string b) when a.Length == b.Length:
                budget.Read(a);
                return string.Equals(a, b, StringComparison.Ordinal);
            case (TemplateList or TemplateMapping, _) when ReferenceEquals(left, right):
                return true;
            case (TemplateList a, TemplateList b):
                return a.IsTuple == b.IsTuple && a.Items.Count == b.Items.Count && FirstDifference(a, b, budget) == a.Items.Count;
            case (TemplateMapping a, TemplateMapping b):
                return a.Entries.Count == b.Entries.Count
                    && a.Entries.All(entry => b.Entries.TryGetValue(entry.Key, out var other) && Equals(entry.Value, other, budget));
            case (bool or long or double, bool or long or double):
                return CompareNumbers(left, right) == 0;
            default:
                return left is not string && ReferenceEquals(left, right);
        }
    }

    /// <summary>Compares two values; null where neither comes first and they are not equal: nan.</summary>
    public static int? Compare(object? left, object? right, TemplateBudget budget)
    {
        budget.Spend();
        switch (left, right)
        {
            case (string a, string b):
                budget.Read(a.Length < b.Length ? a : b);
                return PythonString.Compare(a, b);
            case (bool or long or double, bool or long or double):
                return CompareNumbers(left, right);
            case (TemplateList a, TemplateList b) when a.IsTuple == b.IsTuple:
                var place = FirstDifference(a, b, budget);
                return place < a.Items.Count && place < b.Items.Count
                    ? Compare(a.Items[place], b.Items[place], budget)
                    : a.Items.Count.CompareTo(b.Items.Count);
            default:
                throw new ChatTemplateException($"The chat template compares {Kind(left)} with {Kind(right)}, and neither comes first.");
        }
    }

    /// <summary>Gives the items of a value: those of a list, the keys of a dictionary, the characters of a text.</summary>
    public static IReadOnlyList<object?> Items(object? value, TemplateBudget budget)
    {
        switch (value)
        {
            case TemplateList list:
                return list.Items;
            case TemplateMapping mapping:
                budget.List(mapping.Entries.Count);
                return [.. mapping.Entries.Keys];
            case string text:
                return PythonString.Characters(text, budget);
            case UndefinedValue:
                return [];
            default:
                throw new ChatTemplateException($"The chat template goes through the items of {Kind(value)}, which has none.");
        }
    }

    public static bool Contains(object? container, object? item, TemplateBudget budget) => container switch
    {
        string text when item is string part => PythonString.Occurrences(text, part, budget).Any(),
        string => throw new ChatTemplateException($"The chat template looks for {Kind(item)} in a text."),
        TemplateMapping mapping => Find(mapping, item, out _),
        _ => Items(container, budget).Any(candidate => Equals(candidate, item, budget)),
    };

    /// <summary>Looks up a key.</summary>
    public static bool Find(TemplateMapping mapping, object? key, out object? value)
    {
        value = null;
        return key is TemplateList { IsTuple: false } or TemplateMapping
            ? throw PythonKeys.NoKey(key)
            : key is string or bool or long or double or TemplateList && mapping.Entries.TryGetValue(key, out value);
    }

    public static long Length(object? value, TemplateBudget budget)
    {
        budget.Read(value);
        return value switch
        {
            string text => PythonString.Length(text),
            TemplateList list => list.Items.Count,
            TemplateMapping mapping => mapping.Entries.Count,
            UndefinedValue => 0,
            _ => throw new ChatTemplateException($"The chat template asks for the length of {Kind(value)}, which has none."),
        };
    }

    public static long Integer(object? value) => value switch
    {
        bool flag => flag ? 1 : 0,
        long number => number,
        _ => throw new ChatTemplateException($"The chat template needs a whole number, not {Kind(value)}."),
    };

    public static double Number(object? value) => value is double number ? number : Integer(value);

    public static string Text(object? value) =>
        value as string ?? throw new ChatTemplateException($"The chat template needs a text, not {Kind(value)}.");

    /// <summary>Names what a value is, for messages.</summary>
    public static string Kind(object? value) => value switch
    {
        null => "none",
        UndefinedValue undefined => $"'{undefined.Name}', which is undefined",
        bool => "a truth value",
        long or double => "a number",
        string => "a text",
        TemplateList { IsTuple: true } => "a tuple",
        TemplateList => "a list",
        TemplateMapping => "a dictionary",
        TemplateNamespace => "a namespace",
        TemplateLoop => "a loop",
        TemplateFunction => "a function",
        _ => "an object",
    };

    // A whole number and a fraction are compared exactly, and not by the fraction nearest to the whole number.
    private static int? CompareNumbers(object? left, object? right) => (left, right) switch
    {
        (double a, double b) => double.IsNaN(a) || double.IsNaN(b) ? null : a.CompareTo(b),
        (double a, _) => -CompareNumbers(right, a),
        (_, double b) when double.IsNaN(b) => null,
        (_, >= Two63) => -1,
        (_, < -Two63) => 1,
        (_, double b) => Integer(left).CompareTo((long)b) is var order && order != 0 ? order : Math.Truncate(b).CompareTo(b),
        _ => Integer(left).CompareTo(Integer(right)),
    };

    private static int FirstDifference(TemplateList left, TemplateList right, TemplateBudget budget)
    {
        var shared = Math.Min(left.Items.Count, right.Items.Count);
        var place = 0;
        while (place < shared && Equals(left.Items[place], right.Items[place], budget))
        {
            place++;
        }

        return place;
    }
}
