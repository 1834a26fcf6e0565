using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>Sorts as Python does: what is equal keeps its order. The sorts of .NET wrap what a comparison throws.</summary>
internal static class PythonOrder
{
    public static TemplateList Sort(IReadOnlyList<object?> items, Func<object?, object?> key, bool isDescending, TemplateBudget budget)
    {
        budget.List(2L * items.Count > TemplateBudget.LongestList ? items.Count : 2L * items.Count);
        var sorted = items.Select(item => (Key: key(item), Item: item)).ToArray();
        var other = new (object? Key, object? Item)[sorted.Length];
        for (var width = 1; width < sorted.Length; width *= 2)
        {
            for (var start = 0; start < sorted.Length; start += 2 * width)
            {
                Merge(sorted, other, start, Math.Min(start + width, sorted.Length), Math.Min(start + 2 * width, sorted.Length), isDescending, budget);
            }

            (sorted, other) = (other, sorted);
        }

        return new TemplateList([.. sorted.Select(entry => entry.Item)]);
    }

    /// <summary>Gives the first of the smallest items, or of the largest.</summary>
    public static object? Extreme(IReadOnlyList<object?> items, Func<object?, object?> key, bool isLargest, TemplateBudget budget)
    {
        var (best, bestKey) = (items[0], key(items[0]));
        foreach (var item in items.Skip(1))
        {
            var itemKey = key(item);
            var order = PythonValue.Compare(itemKey, bestKey, budget);
            if (isLargest ? order > 0 : order < 0)
            {
                (best, bestKey) = (item, itemKey);
            }
        }

        return best;
    }

    private static void Merge(
        (object? Key, object? Item)[] from, (object? Key, object? Item)[] to, int start, int middle, int end, bool isDescending, TemplateBudget budget)
    {
        var (left, right) = (start, middle);
        for (var place = start; place < end; place++)
        {
            budget.Spend();
            var takesRight = left >= middle || right < end && IsBefore(from[right].Key, from[left].Key, isDescending, budget);
            to[place] = takesRight ? from[right++] : from[left++];
        }
    }

    private static bool IsBefore(object? left, object? right, bool isDescending, TemplateBudget budget) =>
        PythonValue.Compare(left, right, budget) is { } order
            ? isDescending ? order > 0 : order < 0
            : throw new ChatTemplateException("The chat template sorts numbers of which one is nan, which has no place among them.");
}
