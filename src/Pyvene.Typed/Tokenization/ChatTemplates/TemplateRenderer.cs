using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>Runs the statements of a template once.</summary>
internal sealed class TemplateRenderer
{
    private readonly TemplateBudget budget;
    private readonly ExpressionEvaluator evaluator;
    private TemplateText output;
    private int loopDepth;

    private TemplateRenderer(TemplateBudget budget)
    {
        this.budget = budget;
        evaluator = new ExpressionEvaluator(budget);
        output = new TemplateText(budget);
    }

    private enum Flow
    {
        Next,
        Break,
        Continue,
    }

    public static string Render(IReadOnlyList<TemplateStatement> template, IReadOnlyDictionary<string, object?> variables) =>
        new TemplateRenderer(new TemplateBudget(variables.Values.Sum(Size))).Run(template, variables);

    // How much there is of a value, in characters and items.
    private static long Size(object? value) => 1 + value switch
    {
        string text => text.Length,
        TemplateList list => list.Items.Sum(Size),
        TemplateMapping mapping => mapping.Entries.Sum(entry => Size(entry.Key) + Size(entry.Value)),
        _ => 0,
    };

    private string Run(IReadOnlyList<TemplateStatement> template, IReadOnlyDictionary<string, object?> variables)
    {
        var globals = new TemplateScope(null);
        globals.Set("range", (TemplateFunction)Range);
        globals.Set("namespace", (TemplateFunction)(call => new TemplateNamespace(Named("namespace", call))));
        globals.Set("dict", (TemplateFunction)(call => new TemplateMapping(new OrderedDictionary<object, object?>(
            Named("dict", call).Select(entry => new KeyValuePair<object, object?>(entry.Key, entry.Value)), new PythonKeys(budget)))));
        globals.Set("raise_exception", (TemplateFunction)(call => throw new ChatTemplateException("", PythonText.Str(call.Get(0, "message"), budget))));
        globals.Set("strftime_now", (TemplateFunction)(call => StrftimeFormat.Format(DateTime.Now, PythonValue.Text(call.Get(0, "format")), budget)));
        foreach (var (name, value) in variables)
        {
            globals.Set(name, value);
        }

        Run(template, new TemplateScope(globals));
        return output.ToString();
    }

    private IReadOnlyDictionary<string, object?> Named(string called, TemplateCall call)
    {
        budget.Spend(8 + 4 * call.Named.Count);
        return call.Positional.Count == 0 ? call.Named
            : throw new ChatTemplateException($"The chat template gives '{called}' an argument without a name, which is not supported.");
    }

    private Flow Run(IReadOnlyList<TemplateStatement> body, TemplateScope scope)
    {
        foreach (var statement in body)
        {
            budget.Spend();
            var flow = Run(statement, scope);
            if (flow != Flow.Next)
            {
                return flow;
            }
        }

        return Flow.Next;
    }

    private Flow Run(TemplateStatement statement, TemplateScope scope)
    {
        switch (statement)
        {
            case TemplateStatement.Text text:
                output.Append(text.Value);
                return Flow.Next;
            case TemplateStatement.Output written:
                var value = evaluator.Evaluate(written.Value, scope);
                output.Append(PythonText.Str(value, budget));
                return Flow.Next;
            case TemplateStatement.If choice:
                return RunIf(choice, scope);
            case TemplateStatement.For loop:
                RunFor(loop, scope);
                return Flow.Next;
            case TemplateStatement.Set set:
                Assign(set.Target, evaluator.Evaluate(set.Value, scope), scope);
                return Flow.Next;
            case TemplateStatement.SetBlock set:
                Assign(set.Target, Capture(set.Body, new TemplateScope(scope)), scope);
                return Flow.Next;
            case TemplateStatement.Macro macro:
                budget.Spend(16);
                scope.Set(macro.Identifier, Macro(macro, scope));
                return Flow.Next;
            case TemplateStatement.Scoped scoped:
                return Run(scoped.Body, new TemplateScope(scope));
            case TemplateStatement.Break:
                return Flow.Break;
            default:
                return Flow.Continue;
        }
    }

    private Flow RunIf(TemplateStatement.If choice, TemplateScope scope)
    {
        foreach (var (condition, body) in choice.Branches)
        {
            if (condition is null || PythonValue.IsTrue(evaluator.Evaluate(condition, scope)))
            {
                return Run(body, scope);
            }
        }

        return Flow.Next;
    }

    private void RunFor(TemplateStatement.For loop, TemplateScope scope)
    {
        var items = PythonValue.Items(evaluator.Evaluate(loop.Items, scope), budget);
        if (loop.Condition is { } condition)
        {
            items = [.. items.Where(item => PythonValue.IsTrue(evaluator.Evaluate(condition, Inside(loop.Target, item, scope))))];
        }

        if (items.Count == 0)
        {
            Run(loop.Otherwise, new TemplateScope(scope));
            return;
        }

        var state = new TemplateLoop(items, loopDepth++, budget);
        for (; state.Index < items.Count; state.Index++)
        {
            budget.Spend();
            var inside = Inside(loop.Target, items[state.Index], scope);
            inside.Set("loop", state);
            if (Run(loop.Body, inside) == Flow.Break)
            {
                break;
            }
        }

        loopDepth--;
    }

    private TemplateScope Inside(TemplateExpression target, object? item, TemplateScope scope)
    {
        var inside = new TemplateScope(scope);
        Assign(target, item, inside);
        return inside;
    }

    private void Assign(TemplateExpression target, object? value, TemplateScope scope)
    {
        switch (target)
        {
            case TemplateExpression.Name name:
                scope.Set(name.Identifier, value);
                break;
            case TemplateExpression.Member { Target: TemplateExpression.Name owner } member:
                var space = scope.Get(owner.Identifier) as TemplateNamespace
                    ?? throw new ChatTemplateException(
                        $"The chat template sets '{owner.Identifier}.{member.Identifier}', and '{owner.Identifier}' is no namespace.");
                space.Members[member.Identifier] = value;
                break;
            case TemplateExpression.Sequence sequence:
                var items = PythonValue.Items(value, budget);
                if (items.Count != sequence.Items.Count)
                {
                    throw new ChatTemplateException($"The chat template takes {items.Count} values apart into {sequence.Items.Count} names.");
                }

                foreach (var (part, item) in sequence.Items.Zip(items))
                {
                    Assign(part, item, scope);
                }

                break;
        }
    }

    private TemplateFunction Macro(TemplateStatement.Macro macro, TemplateScope scope) => call =>
    {
        call.Check(macro.Identifier, string.Join(' ', macro.Parameters.Select(parameter => parameter.Name)));
        var inside = new TemplateScope(scope);
        foreach (var (index, (name, otherwise)) in macro.Parameters.Index())
        {
            inside.Set(name, call.Has(index, name) ? call.Get(index, name)
                : otherwise is null ? new UndefinedValue(name)
                : evaluator.Evaluate(otherwise, inside));
        }

        return Capture(macro.Body, inside);
    };

    private string Capture(IReadOnlyList<TemplateStatement> body, TemplateScope scope)
    {
        var outer = output;
        output = new TemplateText(budget);
        Run(body, scope);
        var text = output.ToString();
        output = outer;
        return text;
    }

    private TemplateList Range(TemplateCall call)
    {
        var numbers = call.Named.Count > 0 ? [] : call.Positional.Select(PythonValue.Integer).ToArray();
        var (start, stop, step) = numbers switch
        {
            [var end] => (0L, end, 1L),
            [var begin, var end] => (begin, end, 1L),
            [var begin, var end, var stride] when stride != 0 => (begin, end, stride),
            _ => throw new ChatTemplateException("The chat template calls 'range' with arguments that make none: one to three whole numbers, the last not 0."),
        };
        var width = step > 0 ? (Int128)stop - start : (Int128)start - stop;
        var count = width <= 0 ? 0 : (long)Int128.Min((width - 1) / Int128.Abs(step) + 1, long.MaxValue);
        budget.List(count);
        return new TemplateList([.. Enumerable.Range(0, (int)count).Select(index => (object?)(start + index * step))]);
    }
}
