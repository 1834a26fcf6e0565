using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Pyvene.Typed.Generators.Parsing;

/// <summary>Reads size expressions: names and whole numbers with <c>*</c> and <c>/</c> between them, computed from left to right.</summary>
internal static class SizeExpression
{
    /// <summary>Returns whether an expression can be read.</summary>
    /// <param name="expression">The expression.</param>
    public static bool IsReadable(string expression) => Terms(expression).All(term => IsNumber(term) || IsName(term));

    /// <summary>Returns the names in an expression.</summary>
    /// <param name="expression">The expression.</param>
    public static IEnumerable<string> Names(string expression) => Terms(expression).Where(term => !IsNumber(term));

    /// <summary>Returns the value of an expression, or <see langword="null"/> when a name in it has none.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="value">Returns the value of a name or number.</param>
    public static long? Evaluate(string expression, Func<string, long?> value)
    {
        long? result = null;
        var start = 0;
        foreach (var term in Terms(expression))
        {
            if (value(term) is not { } operand) return null;
            var divides = start > 0 && expression[start - 1] == '/';
            if (divides && operand == 0) return null;
            result = result is not { } left ? operand : divides ? left / operand : unchecked(left * operand);
            start = expression.IndexOfAny(['*', '/'], start) + 1;
        }

        return result;
    }

    private static IEnumerable<string> Terms(string expression) => expression.Split('*', '/').Select(term => term.Trim());

    private static bool IsNumber(string term) => long.TryParse(term, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    // Fields of nested configurations have dots: text_config.hidden_size.
    private static bool IsName(string term) =>
        term.Length > 0 && (char.IsLetter(term[0]) || term[0] == '_') && term.All(letter => char.IsLetterOrDigit(letter) || letter is '_' or '.');
}
