using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>Jinja's tests, what stands behind <c>is</c>.</summary>
internal sealed class TemplateTests(TemplateBudget budget)
{
    private readonly Dictionary<string, Func<object?, TemplateCall, bool>> tests = new(StringComparer.Ordinal)
    {
        ["defined"] = (value, _) => value is not UndefinedValue,
        ["undefined"] = (value, _) => value is UndefinedValue,
        ["none"] = (value, _) => value is null,
        ["boolean"] = (value, _) => value is bool,
        ["true"] = (value, _) => value is true,
        ["false"] = (value, _) => value is false,
        ["integer"] = (value, _) => value is long,
        ["float"] = (value, _) => value is double,
        ["number"] = (value, _) => value is long or double or bool,
        ["string"] = (value, _) => value is string,
        ["mapping"] = (value, _) => value is TemplateMapping,
        ["sequence"] = (value, _) => value is string or TemplateList or TemplateMapping or UndefinedValue,
        ["iterable"] = (value, _) => value is string or TemplateList or TemplateMapping or UndefinedValue,
        ["callable"] = (value, _) => value is TemplateFunction,
        ["odd"] = (value, _) => PythonValue.Integer(value) % 2 != 0,
        ["even"] = (value, _) => PythonValue.Integer(value) % 2 == 0,
        ["divisibleby"] = (value, call) => TemplateArithmetic.Apply("%", value, call.Get(0, "num"), budget) is 0L or 0.0,
        ["sameas"] = (value, call) => ReferenceEquals(value, call.Get(0, "other")) || value is bool or null && Equals(value, call.Get(0, "other")),
        ["lower"] = (value, _) => value is string text && text.Any(char.IsLower) && !text.Any(char.IsUpper),
        ["upper"] = (value, _) => value is string text && text.Any(char.IsUpper) && !text.Any(char.IsLower),
        ["in"] = (value, call) => PythonValue.Contains(call.Get(0, "seq"), value, budget),
    };

    private static readonly Dictionary<string, string> Comparisons = new(StringComparer.Ordinal)
    {
        ["eq"] = "==", ["equalto"] = "==", ["=="] = "==", ["ne"] = "!=", ["!="] = "!=", ["lt"] = "<", ["lessthan"] = "<", ["<"] = "<",
        ["le"] = "<=", ["<="] = "<=", ["gt"] = ">", ["greaterthan"] = ">", [">"] = ">", ["ge"] = ">=", [">="] = ">=",
    };

    public bool Holds(string name, object? value, TemplateCall call)
    {
        budget.Spend();
        if (Comparisons.TryGetValue(name, out var operation))
        {
            call.Check(name, "(other)");
            return Compare(operation, value, call.Get(0, "other"));
        }

        if (!tests.TryGetValue(name, out var test))
        {
            throw new ChatTemplateException($"The chat template uses the test '{Excerpt.Of(name)}', which is not supported.");
        }

        call.Check(name, name switch { "divisibleby" => "(num)", "sameas" => "(other)", "in" => "(seq)", _ => "" });
        budget.Read(value);
        return test(value, call);
    }

    public bool Compare(string operation, object? left, object? right) => operation switch
    {
        "==" => PythonValue.Equals(left, right, budget),
        "!=" => !PythonValue.Equals(left, right, budget),
        "in" => PythonValue.Contains(right, left, budget),
        "not in" => !PythonValue.Contains(right, left, budget),
        "<" => PythonValue.Compare(left, right, budget) < 0,
        "<=" => PythonValue.Compare(left, right, budget) <= 0,
        ">" => PythonValue.Compare(left, right, budget) > 0,
        _ => PythonValue.Compare(left, right, budget) >= 0,
    };
}
