using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>Values as Python sees them: null is None, whole numbers are <see cref="long"/>, texts count code points.</summary>
internal static class PythonValue
{
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

    public static new bool Equals(object? left, object? right) => (left, right) switch
    {
        (null, null) or (UndefinedValue, UndefinedValue) => true,
        (string a, string b) => string.Equals(a, b, StringComparison.Ordinal),
        (TemplateList a, TemplateList b) => a.IsTuple == b.IsTuple && a.Items.Count == b.Items.Count && a.Items.Zip(b.Items).All(pair => Equals(pair.First, pair.Second)),
        (TemplateMapping a, TemplateMapping b) => a.Entries.Count == b.Entries.Count
            && a.Entries.All(entry => b.Entries.TryGetValue(entry.Key, out var other) && Equals(entry.Value, other)),
        (bool or long, bool or long) => Integer(left) == Integer(right),
        (bool or long or double, bool or long or double) => Number(left) == Number(right),
        _ => ReferenceEquals(left, right),
    };

    public static int Compare(object? left, object? right)
    {
        switch (left, right)
        {
            case (string a, string b):
                return a.EnumerateRunes().Select(rune => rune.Value).SequenceCompare(b.EnumerateRunes().Select(rune => rune.Value));
            case (bool or long, bool or long):
                return Integer(left).CompareTo(Integer(right));
            case (bool or long or double, bool or long or double):
                return Number(left).CompareTo(Number(right));
            case (TemplateList a, TemplateList b):
                var differing = a.Items.Zip(b.Items).FirstOrDefault(pair => !Equals(pair.First, pair.Second), (null, null));
                return Equals(differing.Item1, differing.Item2) ? a.Items.Count.CompareTo(b.Items.Count) : Compare(differing.Item1, differing.Item2);
            default:
                throw new ChatTemplateException($"The chat template compares {Kind(left)} with {Kind(right)}.");
        }
    }

    /// <summary>Gives the items of a value: those of a list, the keys of a dictionary, the characters of a text.</summary>
    public static IReadOnlyList<object?> Items(object? value) => value switch
    {
        TemplateList list => list.Items,
        TemplateMapping mapping => [.. mapping.Entries.Keys],
        string text => [.. Characters(text)],
        UndefinedValue => [],
        _ => throw new ChatTemplateException($"The chat template goes through the items of {Kind(value)}, which has none."),
    };

    public static bool Contains(object? container, object? item) => container switch
    {
        string text when item is string part => text.Contains(part, StringComparison.Ordinal),
        string => throw new ChatTemplateException($"The chat template looks for {Kind(item)} in a text."),
        TemplateMapping mapping => item is not null && mapping.Entries.ContainsKey(item),
        _ => Items(container).Any(candidate => Equals(candidate, item)),
    };

    public static int Length(object? value) => value is string text ? text.EnumerateRunes().Count() : Items(value).Count;

    public static IEnumerable<string> Characters(string text) => text.EnumerateRunes().Select(rune => rune.ToString());

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
        TemplateList => "a list",
        TemplateMapping => "a dictionary",
        _ => "an object",
    };

    private static int SequenceCompare(this IEnumerable<int> left, IEnumerable<int> right)
    {
        using var a = left.GetEnumerator();
        using var b = right.GetEnumerator();
        while (true)
        {
            var (hasLeft, hasRight) = (a.MoveNext(), b.MoveNext());
            if (!hasLeft || !hasRight || a.Current != b.Current)
            {
                return hasLeft && hasRight ? a.Current.CompareTo(b.Current) : hasLeft.CompareTo(hasRight);
            }
        }
    }
}
