using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Pyvene.Typed.Descriptors;

/// <summary>
/// Reads size expressions: names and whole numbers with <c>*</c>, <c>/</c> and <c>+</c> between them. Products are computed from left to right, before sums. A
/// name may say an element of a list: <c>hidden_sizes[0]</c>, <c>hidden_sizes[-1]</c> from the end, <c>depths[layer]</c>.
/// </summary>
/// <remarks>The library and the generator compile this one file.</remarks>
internal static class SizeExpression
{
    /// <summary>Is the index that stands for the layer.</summary>
    public const string LayerIndex = "layer";

    private static readonly char[] ProductSigns = ['*', '/'];

    /// <summary>Returns whether an expression can be read.</summary>
    /// <param name="expression">The expression.</param>
    public static bool IsReadable(string expression) => Operands(expression).All(operand => IsNumber(operand) || IsName(operand));

    /// <summary>
    /// Returns whether an alternative of a size can be read: an expression, or a field with what it stands for where a configuration leaves it out.
    /// </summary>
    /// <param name="alternative">The alternative, such as <c>dModel/heads</c> or <c>num_key_value_heads=8</c>.</param>
    public static bool IsAlternative(string alternative) => IsReadable(WithoutDefault(alternative).Expression);

    /// <summary>Returns an alternative of a size without the default behind its sign, and the default; <see langword="null"/> = there is none.</summary>
    /// <param name="alternative">The alternative.</param>
    public static (string Expression, long? Default) WithoutDefault(string alternative)
    {
        var parts = alternative.Split('=');
        return parts.Length == 2 && IsName(parts[0].Trim()) && IsNumber(parts[1].Trim())
            ? (parts[0].Trim(), long.Parse(parts[1], CultureInfo.InvariantCulture))
            : (alternative, null);
    }

    /// <summary>Returns the names in an expression, without what says an element.</summary>
    /// <param name="expression">The expression.</param>
    public static IEnumerable<string> Names(string expression) =>
        Operands(expression).Where(operand => !IsNumber(operand)).Select(operand => Element(operand).Name);

    /// <summary>Returns the value of an expression, or <see langword="null"/> when a name in it has none, or it has none that fits.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="value">Returns the value of a name, as it stands in the expression.</param>
    public static long? Evaluate(string expression, Func<string, long?> value)
    {
        try
        {
            long? sum = 0;
            foreach (var product in expression.Split('+'))
            {
                sum = checked(sum + Product(product, value));
            }

            return sum;
        }
        catch (OverflowException)
        {
            // Configurations come from anywhere: a size beyond 64 bits is none.
            return null;
        }
    }

    /// <summary>Returns a name and what stands in brackets behind it, or <see langword="null"/> when nothing does.</summary>
    /// <param name="name">The name as it stands in an expression, such as <c>depths[layer]</c>.</param>
    public static (string Name, string? Index) Element(string name) =>
        name.IndexOf('[') is var bracket && bracket > 0 && name[name.Length - 1] == ']'
            ? (name.Substring(0, bracket), name.Substring(bracket + 1, name.Length - bracket - 2))
            : (name, null);

    private static long? Product(string product, Func<string, long?> value)
    {
        long? result = null;
        var start = 0;
        foreach (var term in product.Split(ProductSigns))
        {
            var operand = IsNumber(term.Trim()) ? long.Parse(term, CultureInfo.InvariantCulture) : value(term.Trim());
            var divides = start > 0 && product[start - 1] == '/';
            if (operand is not { } right || (divides && right == 0)) return null;
            result = result is not { } left ? right : divides ? left / right : checked(left * right);
            start += term.Length + 1;
        }

        return result;
    }

    private static IEnumerable<string> Operands(string expression) => expression.Split('*', '/', '+').Select(operand => operand.Trim());

    private static bool IsNumber(string operand) => long.TryParse(operand, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    // Fields of nested configurations have dots: text_config.hidden_size.
    private static bool IsName(string operand)
    {
        var (name, index) = Element(operand);
        return name.Length > 0
            && (char.IsLetter(name[0]) || name[0] == '_')
            && name.All(letter => char.IsLetterOrDigit(letter) || letter is '_' or '.')
            && (index is null or LayerIndex || int.TryParse(index, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _));
    }
}
