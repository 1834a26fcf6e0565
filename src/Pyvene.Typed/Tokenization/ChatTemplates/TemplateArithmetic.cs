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
                ("~", _, _) => Concat(PythonText.Str(left), PythonText.Str(right), budget),
                ("+", string a, string b) => Concat(a, b, budget),
                ("+", TemplateList a, TemplateList b) when a.IsTuple == b.IsTuple => Join(a, b, budget),
                ("*", string text, long or bool) => Repeat(text, PythonValue.Integer(right), budget),
                ("*", long or bool, string text) => Repeat(text, PythonValue.Integer(left), budget),
                ("*", TemplateList list, long or bool) => Repeat(list, PythonValue.Integer(right), budget),
                (_, bool or long, bool or long) => Integers(operation, PythonValue.Integer(left), PythonValue.Integer(right)),
                (_, bool or long or double, bool or long or double) => Numbers(operation, PythonValue.Number(left), PythonValue.Number(right)),
                _ => throw new ChatTemplateException($"The chat template computes {PythonValue.Kind(left)} {operation} {PythonValue.Kind(right)}."),
            };
        }
        catch (Exception error) when (error is OverflowException or DivideByZeroException)
        {
            throw new ChatTemplateException($"The chat template computes {PythonText.Str(left)} {operation} {PythonText.Str(right)}: {error.Message}");
        }
    }

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
        "//" => (left - Modulo(left, right)) / right,
        "%" => Modulo(left, right),
        "**" when right < 0 => Math.Pow(left, right),
        _ => Power(left, right),
    };

    private static object Numbers(string operation, double left, double right) => operation switch
    {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "**" => Math.Pow(left, right),
        _ when right == 0 => throw new DivideByZeroException(),
        "/" => left / right,
        "//" => Math.Floor(left / right),
        _ => left - Math.Floor(left / right) * right,
    };

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

    private static string Repeat(string text, long count, TemplateBudget budget)
    {
        var times = Math.Max(0, count);
        budget.Text(text.Length == 0 ? 0 : times > TemplateBudget.LongestText ? long.MaxValue : text.Length * times);
        return text.Length == 0 ? "" : string.Concat(Enumerable.Repeat(text, (int)times));
    }

    private static TemplateList Repeat(TemplateList list, long count, TemplateBudget budget)
    {
        var times = Math.Max(0, count);
        budget.List(list.Items.Count == 0 ? 0 : times > TemplateBudget.LongestList ? long.MaxValue : list.Items.Count * times);
        return list.Items.Count == 0 ? list : new TemplateList([.. Enumerable.Repeat(list.Items, (int)times).SelectMany(items => items)], list.IsTuple);
    }

    private static TemplateList Join(TemplateList left, TemplateList right, TemplateBudget budget)
    {
        budget.List((long)left.Items.Count + right.Items.Count);
        return new TemplateList([.. left.Items, .. right.Items], left.IsTuple);
    }
}
