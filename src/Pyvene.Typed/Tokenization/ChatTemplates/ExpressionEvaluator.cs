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
        Tests = new TemplateTests();
        filters = new TemplateFilters(budget, Tests, Member);
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
        var entries = new OrderedDictionary<object, object?>();
        foreach (var (key, value) in mapping.Items)
        {
            entries[Evaluate(key, scope) ?? throw new ChatTemplateException("The chat template makes a dictionary with none as a key.")] = Evaluate(value, scope);
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
        TemplateMapping mapping => TemplateMethods.OfMapping(mapping, name) ?? Entry(mapping, name),
        string text => TemplateMethods.OfText(text, name, budget) ?? (object)new UndefinedValue(name),
        TemplateList list => TemplateMethods.OfList(list, name) ?? (object)new UndefinedValue(name),
        _ => new UndefinedValue(name),
    };

    private object? Item(object? target, object? key) => target switch
    {
        UndefinedValue undefined => throw new ChatTemplateException($"The chat template asks for an item of '{undefined.Name}', which is undefined."),
        TemplateMapping mapping => Entry(mapping, key),
        TemplateList list when key is long or bool => At(list.Items, PythonValue.Integer(key)),
        string text when key is long or bool => At([.. PythonValue.Characters(text)], PythonValue.Integer(key)),
        _ when key is string name => Member(target, name),
        _ => new UndefinedValue(PythonText.Str(key)),
    };

    private static object? Entry(TemplateMapping mapping, object? key) =>
        key is not null && mapping.Entries.TryGetValue(key, out var value) ? value : new UndefinedValue(PythonText.Str(key));

    private static object? At(IReadOnlyList<object?> items, long index)
    {
        var place = index < 0 ? index + items.Count : index;
        return place >= 0 && place < items.Count ? items[(int)place] : new UndefinedValue($"item {index}");
    }

    private object Slice(object? target, object? start, object? stop, object? step)
    {
        if (target is not (string or TemplateList))
        {
            throw new ChatTemplateException($"The chat template takes a slice of {PythonValue.Kind(target)}.");
        }

        var items = PythonValue.Items(target);
        budget.List(Math.Min(items.Count, TemplateBudget.LongestList));
        var stride = step is null ? 1 : PythonValue.Integer(step);
        if (stride == 0)
        {
            throw new ChatTemplateException("The chat template takes a slice with a step of 0.");
        }

        long Bound(object? bound, long otherwise)
        {
            var low = stride > 0 ? 0 : -1;
            var high = stride > 0 ? items.Count : items.Count - 1;
            var value = bound is null ? otherwise : PythonValue.Integer(bound);
            return bound is null ? value : Math.Clamp(value < 0 ? value + items.Count : value, low, high);
        }

        var first = Bound(start, stride > 0 ? 0 : items.Count - 1);
        var end = Bound(stop, stride > 0 ? items.Count : -1);
        var taken = new List<object?>();
        for (var index = first; stride > 0 ? index < end : index > end; index = Math.Abs(stride) > items.Count ? end : index + stride)
        {
            taken.Add(items[(int)index]);
        }

        return target is TemplateList list ? new TemplateList(taken, list.IsTuple) : string.Concat(taken);
    }

    private static object? EvaluateUnary(string operation, object? value) => (operation, value) switch
    {
        ("not", _) => !PythonValue.IsTrue(value),
        ("-", double number) => -number,
        ("+", double number) => number,
        ("-", _) => checked(-PythonValue.Integer(value)),
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
            if (!TemplateTests.Compare(operation, left, right))
            {
                return false;
            }

            left = right;
        }

        return true;
    }
}
