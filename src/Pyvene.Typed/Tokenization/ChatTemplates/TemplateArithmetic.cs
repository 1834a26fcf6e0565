using System.Globalization;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>Arithmetic as Python does it, on 64-bit whole numbers.</summary>
internal static class TemplateArithmetic
{
    public static object Apply(string operation, object? left, object? right, TemplateBudget budget)
    {
        try
        {
            return (operation, left, right) switch
            {
                ("~", _, _) => Concat(PythonText.Str(left, budget), PythonText.Str(right, budget), budget),
                ("+", string a, string b) => Concat(a, b, budget),
                ("+", TemplateList a, TemplateList b) when a.IsTuple == b.IsTuple => Join(a, b, budget),
                ("*", string text, long or bool) => Repeat(text, PythonValue.Integer(right), budget),
                ("*", long or bool, string text) => Repeat(text, PythonValue.Integer(left), budget),
                ("*", TemplateList list, long or bool) => Repeat(list, PythonValue.Integer(right), budget),
                ("*", long or bool, TemplateList list) => Repeat(list, PythonValue.Integer(left), budget),
                (_, bool or long, bool or long) => Integers(operation, PythonValue.Integer(left), PythonValue.Integer(right)),
                (_, bool or long or double, bool or long or double) => Numbers(operation, PythonValue.Number(left), PythonValue.Number(right)),
                _ => throw new ChatTemplateException($"The chat template computes {PythonValue.Kind(left)} {operation} {PythonValue.Kind(right)}."),
            };
        }
        catch (OverflowException)
        {
            throw new ChatTemplateException($"The chat template computes {Show(left)} {operation} {Show(right)}, which is beyond what numbers here hold.");
        }
        catch (DivideByZeroException)
        {
            throw new ChatTemplateException($"The chat template computes {Show(left)} {operation} {Show(right)}: division by zero.");
        }
    }

    /// <exception cref="ChatTemplateException">The value is no number, or the smallest one, which has no opposite.</exception>
    public static object Negate(object? value) => value is double number ? (object)-number
        : PythonValue.Integer(value) is > long.MinValue and var integer ? -integer
        : throw new ChatTemplateException($"The chat template computes the opposite of {long.MinValue}, which is beyond 64 bits.");

    public static string Concat(string left, string right, TemplateBudget budget)
    {
        budget.Text((long)left.Length + right.Length);
        return left + right;
    }

    // Each result keeps its own type: without the cast, all would become fractions.
    private static object Integers(string operation, long left, long right) => operation switch
    {
        "+" => (object)checked(left + right),
        "-" => checked(left - right),
        "*" => checked(left * right),
        "/" => right == 0 ? throw new DivideByZeroException() : (double)left / right,
        "//" => checked(left / right) - (left % right != 0 && left < 0 != right < 0 ? 1 : 0),
        "%" => Modulo(left, right),
        "**" when right < 0 => Numbers(operation, left, right),
        _ => Power(left, right),
    };

    private static object Numbers(string operation, double left, double right) => operation switch
    {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "**" => Power(left, right),
        _ when right == 0 => throw new DivideByZeroException(),
        "/" => left / right,
        "//" => Divide(left, right),
        _ => Modulo(left, right),
    };

    private static double Power(double left, double right)
    {
        if (left == 0 && right < 0)
        {
            throw new DivideByZeroException();
        }

        var power = Math.Pow(left, right);
        return double.IsFinite(power) || !double.IsFinite(left) || !double.IsFinite(right) ? power : throw new OverflowException();
    }

    // As Python: the remainder is exact, and has the sign of the divisor.
    private static double Modulo(double left, double right)
    {
        var remainder = left % right;
        return remainder == 0 ? Math.CopySign(0, right) : remainder < 0 != right < 0 ? remainder + right : remainder;
    }

    private static double Divide(double left, double right)
    {
        var quotient = (left - Modulo(left, right)) / right;
        if (quotient == 0)
        {
            return Math.CopySign(0, left / right);
        }

        var floor = Math.Floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }

    // The remainder has the sign of the divisor.
    private static long Modulo(long left, long right)
    {
        var remainder = right == -1 ? 0 : left % right;
        return remainder != 0 && remainder < 0 != right < 0 ? remainder + right : remainder;
    }

    private static long Power(long value, long exponent)
    {
        if (value is 0 or 1 or -1)
        {
            return exponent == 0 ? 1 : value == -1 && exponent % 2 == 0 ? 1 : value;
        }

        var result = 1L;
        for (; exponent > 0; exponent--)
        {
            result = checked(result * value);
        }

        return result;
    }

    private static string Show(object? value) => value is double number ? PythonText.Float(number) : string.Create(CultureInfo.InvariantCulture, $"{value}");

    private static string Repeat(string text, long count, TemplateBudget budget)
    {
        var times = Math.Max(0, count);
        budget.Text(text.Length == 0 ? 0 : Math.Min(times, int.MaxValue) * text.Length);
        return text.Length == 0 ? "" : string.Concat(Enumerable.Repeat(text, (int)times));
    }

    private static TemplateList Repeat(TemplateList list, long count, TemplateBudget budget)
    {
        var times = Math.Max(0, count);
        budget.List(list.Items.Count == 0 ? 0 : Math.Min(times, int.MaxValue) * list.Items.Count);
        return list.Items.Count == 0 ? list : new TemplateList([.. Enumerable.Repeat(list.Items, (int)times).SelectMany(items => items)], list.IsTuple);
    }

    private static TemplateList Join(TemplateList left, TemplateList right, TemplateBudget budget)
    {
        budget.List((long)left.Items.Count + right.Items.Count);
        return new TemplateList([.. left.Items, .. right.Items], left.IsTuple);
    }
}
