using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>Evaluates expressions. A template sees plain values and the functions made here for it, never an object of .NET.</summary>
internal sealed class ExpressionEvaluator
{
    private readonly TemplateBudget budget;
    private readonly TemplateFilters filters;

    public ExpressionEvaluator(TemplateBudget budget)
    {
        this.budget = budget;
        Tests = new TemplateTests(budget);
        filters = new TemplateFilters(budget, Tests, Item);
    }

    public TemplateTests Tests { get; }

    public object? Evaluate(TemplateExpression expression, TemplateScope scope)
    {
        budget.Spend();
        switch (expression)
        {
            case TemplateExpression.Constant constant:
                return constant.Value;
            case TemplateExpression.Name name:
                return scope.Get(name.Identifier);
            case TemplateExpression.Sequence sequence:
                budget.Spend(2);
                return new TemplateList([.. sequence.Items.Select(item => Evaluate(item, scope))], sequence.IsTuple);
            case TemplateExpression.Mapping mapping:
                return EvaluateMapping(mapping, scope);
            case TemplateExpression.Member member:
                return Member(Evaluate(member.Target, scope), member.Identifier);
            case TemplateExpression.Item item:
                return Item(Evaluate(item.Target, scope), Evaluate(item.Key, scope));
            case TemplateExpression.Slice slice:
                return Slice(
                    Evaluate(slice.Target, scope),
                    slice.Start is null ? null : Evaluate(slice.Start, scope),
                    slice.Stop is null ? null : Evaluate(slice.Stop, scope),
                    slice.Step is null ? null : Evaluate(slice.Step, scope));
            case TemplateExpression.Call call:
                return EvaluateCall(call, scope);
            case TemplateExpression.Filter filter:
                return filters.Apply(filter.Identifier, Evaluate(filter.Target, scope), Arguments(filter.Arguments, scope));
            case TemplateExpression.Test test:
                return Tests.Holds(test.Identifier, Evaluate(test.Target, scope), Arguments(test.Arguments, scope));
            case TemplateExpression.Unary unary:
                return EvaluateUnary(unary.Operator, Evaluate(unary.Operand, scope));
            case TemplateExpression.Binary binary:
                return EvaluateBinary(binary, scope);
            case TemplateExpression.Comparison comparison:
                return EvaluateComparison(comparison, scope);
            case TemplateExpression.Conditional conditional:
                return PythonValue.IsTrue(Evaluate(conditional.Condition, scope)) ? Evaluate(conditional.Then, scope)
                    : conditional.Otherwise is { } otherwise ? Evaluate(otherwise, scope)
                    : new UndefinedValue("the value of a condition without 'else'");
            default:
                throw new InvalidOperationException($"Unknown expression: {expression.GetType()}.");
        }
    }

    public TemplateCall Arguments(TemplateArguments arguments, TemplateScope scope) => new(
        [.. arguments.Positional.Select(argument => Evaluate(argument, scope))],
        arguments.Named.ToDictionary(argument => argument.Name, argument => Evaluate(argument.Value, scope), StringComparer.Ordinal));

    private TemplateMapping EvaluateMapping(TemplateExpression.Mapping mapping, TemplateScope scope)
    {
        budget.Spend(8 + 4 * mapping.Items.Count);
        var entries = new OrderedDictionary<object, object?>(new PythonKeys(budget));
        foreach (var (key, value) in mapping.Items)
        {
            var known = Evaluate(key, scope) ?? throw new ChatTemplateException("The chat template makes a dictionary with none as a key.");
            entries[known] = Evaluate(value, scope);
        }

        return new TemplateMapping(entries);
    }

    private object? EvaluateCall(TemplateExpression.Call call, TemplateScope scope) => Evaluate(call.Target, scope) switch
    {
        TemplateFunction function => function(Arguments(call.Arguments, scope)),
        var other => throw new ChatTemplateException($"The chat template calls {PythonValue.Kind(other)}, which cannot be called."),
    };

    private object? Member(object? target, string name) => target switch
    {
        UndefinedValue undefined => throw new ChatTemplateException($"The chat template asks for '{name}' of '{undefined.Name}', which is undefined."),
        TemplateNamespace space => space.Members.TryGetValue(name, out var value) ? value : new UndefinedValue(name),
        TemplateLoop loop => loop.Member(name),
        TemplateMapping mapping => TemplateMethods.OfMapping(mapping, name, budget) ?? Entry(mapping, name),
        string text => TemplateMethods.OfText(text, name, budget) ?? (object)new UndefinedValue(name),
        TemplateList list => TemplateMethods.OfList(list, name, budget) ?? (object)new UndefinedValue(name),
        _ => new UndefinedValue(name),
    };

    private object? Item(object? target, object? key) => target switch
    {
        UndefinedValue undefined => throw new ChatTemplateException($"The chat template asks for an item of '{undefined.Name}', which is undefined."),
        TemplateMapping mapping => Entry(mapping, key),
        TemplateList list when key is long or bool => At(list.Items, PythonValue.Integer(key)),
        string text when key is long or bool => At(text, PythonValue.Integer(key)),
        _ when key is string name => Member(target, name),
        _ => new UndefinedValue(PythonValue.Kind(key)),
    };

    private static object? Entry(TemplateMapping mapping, object? key) => key is TemplateList { IsTuple: false } or TemplateMapping
        || !PythonValue.Find(mapping, key, out var value) ? new UndefinedValue(key as string ?? PythonValue.Kind(key)) : value;

    private static object? At(IReadOnlyList<object?> items, long index)
    {
        var place = index < 0 ? index + items.Count : index;
        return place >= 0 && place < items.Count ? items[(int)place] : new UndefinedValue($"item {index}");
    }

    private object At(string text, long index)
    {
        budget.Read(text);
        var length = PythonString.Length(text);
        var place = index < 0 ? index + length : index;
        return place >= 0 && place < length ? PythonString.Take(text, place, 1, 1, budget) : new UndefinedValue($"item {index}");
    }

    private object Slice(object? target, object? start, object? stop, object? step)
    {
        if (target is not (string or TemplateList))
        {
            throw new ChatTemplateException($"The chat template takes a slice of {PythonValue.Kind(target)}.");
        }

        var stride = step is null ? 1 : Math.Clamp(PythonValue.Integer(step), -int.MaxValue, int.MaxValue);
        if (stride == 0)
        {
            throw new ChatTemplateException("The chat template takes a slice with a step of 0.");
        }

        var length = PythonValue.Length(target, budget);
        long Bound(object? bound, long otherwise)
        {
            var (low, high) = stride > 0 ? (0L, length) : (-1L, length - 1);
            return bound is null ? otherwise
                : PythonValue.Integer(bound) is var value ? Math.Clamp(value < 0 ? value + length : value, low, high) : otherwise;
        }

        var first = Bound(start, stride > 0 ? 0 : length - 1);
        var width = stride > 0 ? Bound(stop, length) - first : first - Bound(stop, -1);
        var count = width <= 0 ? 0 : (width - 1) / Math.Abs(stride) + 1;
        if (target is string text)
        {
            return PythonString.Take(text, first, stride, count, budget);
        }

        var list = (TemplateList)target;
        budget.List(count);
        return new TemplateList([.. Enumerable.Range(0, (int)count).Select(index => list.Items[(int)(first + index * stride)])], list.IsTuple);
    }

    private static object? EvaluateUnary(string operation, object? value) => (operation, value) switch
    {
        ("not", _) => !PythonValue.IsTrue(value),
        ("-", _) => TemplateArithmetic.Negate(value),
        (_, double number) => number,
        _ => PythonValue.Integer(value),
    };

    private object? EvaluateBinary(TemplateExpression.Binary binary, TemplateScope scope)
    {
        var left = Evaluate(binary.Left, scope);
        return binary.Operator switch
        {
            "and" => PythonValue.IsTrue(left) ? Evaluate(binary.Right, scope) : left,
            "or" => PythonValue.IsTrue(left) ? left : Evaluate(binary.Right, scope),
            _ => TemplateArithmetic.Apply(binary.Operator, left, Evaluate(binary.Right, scope), budget),
        };
    }

    private bool EvaluateComparison(TemplateExpression.Comparison comparison, TemplateScope scope)
    {
        var left = Evaluate(comparison.First, scope);
        foreach (var (operation, operand) in comparison.Rest)
        {
            var right = Evaluate(operand, scope);
            if (!Tests.Compare(operation, left, right))
            {
                return false;
            }

            left = right;
        }

        return true;
    }
}
