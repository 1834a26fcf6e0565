using System.Text;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization.Patterns;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>Texts as Python sees them: sequences of code points. Half a surrogate pair is a code point of its own.</summary>
internal static class PythonString
{
    public static int Length(string text)
    {
        var count = 0;
        for (var index = 0; index < text.Length; index++)
        {
            count++;
            index += IsPair(text, index) ? 1 : 0;
        }

        return count;
    }

    public static List<object?> Characters(string text, TemplateBudget budget)
    {
        budget.Read(text);
        var count = Length(text);
        budget.List(count);
        var characters = new List<object?>(count);
        for (var index = 0; index < text.Length; index += IsPair(text, index) ? 2 : 1)
        {
            characters.Add(text.Substring(index, IsPair(text, index) ? 2 : 1));
        }

        return characters;
    }

    /// <summary>Gives every <paramref name="step"/>-th character from <paramref name="first"/> on, <paramref name="count"/> in all.</summary>
    public static string Take(string text, long first, long step, long count, TemplateBudget budget)
    {
        if (count == 0)
        {
            return "";
        }

        budget.Text(text.Length);
        var (low, high) = step > 0 ? (first, first + (count - 1) * step) : (first + (count - 1) * step, first);
        var (start, place) = (0, 0L);
        for (; place < low; place++)
        {
            start += IsPair(text, start) ? 2 : 1;
        }

        // The characters from the lowest to the highest, then the taken ones of these.
        var taken = new List<Range>();
        var end = start;
        for (; place <= high; place++)
        {
            var next = end + (IsPair(text, end) ? 2 : 1);
            if (step != 1 && (place - low) % step == 0)
            {
                budget.Spend();
                taken.Add(end..next);
            }

            end = next;
        }

        if (step == 1)
        {
            return text[start..end];
        }

        var result = new StringBuilder();
        if (step < 0)
        {
            taken.Reverse();
        }

        taken.ForEach(range => result.Append(text.AsSpan()[range]));
        return result.ToString();
    }

    /// <summary>Compares by code points.</summary>
    public static int Compare(string left, string right)
    {
        var common = left.AsSpan().CommonPrefixLength(right);
        if (common > 0 && (IsPair(left, common - 1) || IsPair(right, common - 1)))
        {
            common--;
        }

        return common == left.Length || common == right.Length
            ? left.Length.CompareTo(right.Length)
            : CodePoints.Read(left, common, out _).CompareTo(CodePoints.Read(right, common, out _));
    }

    /// <summary>Takes characters off the ends: those given, or white space.</summary>
    public static string Strip(string text, string? characters, bool left, bool right, TemplateBudget budget)
    {
        HashSet<int>? taken = null;
        if (characters is not null)
        {
            budget.Spend(characters.Length);
            taken = [.. Enumerable.Range(0, characters.Length).Select(index => CodePoints.Read(characters, index, out _))];
        }

        bool IsTaken(int codePoint) => taken is null ? IsSpace(codePoint) : taken.Contains(codePoint);
        var (start, end) = (0, text.Length);
        while (left && start < end && IsTaken(CodePoints.Read(text, start, out var width)))
        {
            start += width;
        }

        while (right && start < end && CodePoints.WidthBefore(text, end) is var width && IsTaken(CodePoints.Read(text, end - width, out _)))
        {
            end -= width;
        }

        budget.Spend((text.Length - (end - start)) / 8);
        return text[start..end];
    }

    public static string Replace(string text, string old, string replacement, long most, TemplateBudget budget)
    {
        var result = new TemplateText(budget);
        var reached = 0;
        foreach (var found in Occurrences(text, old, budget))
        {
            if (most-- == 0)
            {
                break;
            }

            budget.Spend();
            result.Append(text.AsSpan(reached, found - reached)).Append(replacement);
            reached = found + old.Length;
        }

        return result.Append(text.AsSpan(reached)).ToString();
    }

    /// <summary>Gives where a part stands, from the left and without overlap; an empty one stands before every character and at the end.</summary>
    public static IEnumerable<int> Occurrences(string text, string part, TemplateBudget budget)
    {
        budget.Search(text, part);
        if (part.Length > 0)
        {
            var place = text.IndexOf(part, StringComparison.Ordinal);
            while (place >= 0)
            {
                yield return place;
                place = text.IndexOf(part, place + part.Length, StringComparison.Ordinal);
            }

            yield break;
        }

        for (var index = 0; index < text.Length; index += IsPair(text, index) ? 2 : 1)
        {
            yield return index;
        }

        yield return text.Length;
    }

    /// <summary>Gives the lines of a text, without their ends.</summary>
    public static List<object?> Lines(string text, TemplateBudget budget)
    {
        var lines = new List<object?>();
        var start = 0;
        budget.Text(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] is not (>= '\n' and <= '\r' or >= '\x1c' and <= '\x1e' or '\x85' or '\u2028' or '\u2029'))
            {
                continue;
            }

            Add(lines, text[start..index], budget);
            index += text[index] == '\r' && index + 1 < text.Length && text[index + 1] == '\n' ? 1 : 0;
            start = index + 1;
        }

        if (start < text.Length)
        {
            Add(lines, text[start..], budget);
        }

        return lines;
    }

    /// <summary>Cuts a text at a separator, or at white space, at most so many times.</summary>
    public static List<object?> Split(string text, string? separator, long most, bool fromRight, TemplateBudget budget)
    {
        if (separator is { Length: 0 })
        {
            throw new ChatTemplateException("The chat template splits a text at nothing: the separator is empty.");
        }

        budget.Text(text.Length);
        budget.Search(text, separator ?? "");
        var parts = new List<object?>();
        var (start, end) = (0, text.Length);
        while (separator is null && start < end && IsSpace(text[fromRight ? end - 1 : start]))
        {
            (start, end) = fromRight ? (start, end - 1) : (start + 1, end);
        }

        while (most-- != 0 && NextCut(text, start, end, separator, fromRight) is { } cut)
        {
            Add(parts, fromRight ? text[cut.End..end] : text[start..cut.Start], budget);
            (start, end) = fromRight ? (start, cut.Start) : (cut.End, end);
        }

        // Without a separator the white space at the far end stays only where the text was cut as often as allowed.
        if (separator is not null || start < end)
        {
            Add(parts, text[start..end], budget);
        }

        if (fromRight)
        {
            parts.Reverse();
        }

        return parts;
    }

    /// <summary>White space as Python knows it.</summary>
    public static bool IsSpace(int codePoint) => codePoint is >= 0x1C and <= 0x1F || CodePoints.IsWhiteSpace(codePoint);

    private static (int Start, int End)? NextCut(string text, int start, int end, string? separator, bool fromRight)
    {
        var span = text.AsSpan(start, end - start);
        if (separator is not null)
        {
            var found = fromRight ? span.LastIndexOf(separator, StringComparison.Ordinal) : span.IndexOf(separator, StringComparison.Ordinal);
            return found < 0 ? null : (start + found, start + found + separator.Length);
        }

        var index = fromRight ? end - 1 : start;
        while (index >= start && index < end && !IsSpace(text[index]))
        {
            index += fromRight ? -1 : 1;
        }

        if (index < start || index >= end)
        {
            return null;
        }

        var (from, to) = (index, index + 1);
        while (fromRight && from > start && IsSpace(text[from - 1]))
        {
            from--;
        }

        while (!fromRight && to < end && IsSpace(text[to]))
        {
            to++;
        }

        return (from, to);
    }

    private static void Add(List<object?> parts, string part, TemplateBudget budget)
    {
        budget.Spend(2);
        parts.Add(part);
        if (parts.Count > TemplateBudget.LongestList)
        {
            budget.List(parts.Count);
        }
    }

    private static bool IsPair(string text, int index) =>
        char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]);
}
