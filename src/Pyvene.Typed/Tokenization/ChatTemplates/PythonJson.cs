using System.Globalization;
using System.Text.Json;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>Writes values as Python's <c>json.dumps</c> does, and reads JSON into values.</summary>
internal sealed class PythonJson
{
    private readonly TemplateText output;
    private readonly string? indent;
    private readonly string itemSeparator;
    private readonly string keySeparator;
    private readonly bool escapesNonAscii;
    private readonly bool sortsKeys;
    private readonly TemplateBudget budget;

    private PythonJson(TemplateCall call, TemplateBudget budget)
    {
        this.budget = budget;
        output = new TemplateText(budget);
        escapesNonAscii = PythonValue.IsTrue(call.Get(0, "ensure_ascii", false));
        indent = call.Get(1, "indent") switch
        {
            null => null,
            string text => text,
            var width => new TemplateText(budget).Append(" ", PythonValue.Integer(width)).ToString(),
        };
        var separators = call.Get(2, "separators") switch
        {
            null => default((string, string)?),
            TemplateList { Items: [string item, string key] } => (item, key),
            _ => throw new ChatTemplateException("The chat template writes JSON with separators that are not two texts."),
        };
        (itemSeparator, keySeparator) = separators ?? (indent is null ? ", " : ",", ": ");
        sortsKeys = PythonValue.IsTrue(call.Get(3, "sort_keys", false));
    }

    public static string Write(object? value, TemplateCall call, TemplateBudget budget)
    {
        var json = new PythonJson(call, budget);
        json.Write(value, 0);
        return json.output.ToString();
    }

    /// <exception cref="ChatTemplateException">It is nested too deeply, or has a text or a number that cannot be taken as it is.</exception>
    public static object? Read(JsonElement element) => ReadValue(element, 0);

    private static object? ReadValue(JsonElement element, int depth)
    {
        if (depth > ValueDepth.Most)
        {
            throw new ChatTemplateException($"The JSON for the chat template is nested more than {ValueDepth.Most} deep.");
        }

        return element.ValueKind switch
        {
            JsonValueKind.Object => ReadMapping(element, depth),
            JsonValueKind.Array => new TemplateList([.. element.EnumerateArray().Select(item => ReadValue(item, depth + 1))]),
            JsonValueKind.String => ReadText(element.GetString),
            JsonValueKind.Number => ReadNumber(element),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };
    }

    private static TemplateMapping ReadMapping(JsonElement element, int depth)
    {
        var entries = new OrderedDictionary<object, object?>();
        foreach (var member in element.EnumerateObject())
        {
            entries[ReadText(() => member.Name)] = ReadValue(member.Value, depth + 1);
        }

        return new TemplateMapping(entries);
    }

    private static string ReadText(Func<string?> read)
    {
        try
        {
            return read()!;
        }
        catch (InvalidOperationException)
        {
            throw new ChatTemplateException("The JSON for the chat template has a text with half a surrogate pair, which is no character.");
        }
    }

    private static object ReadNumber(JsonElement element) =>
        element.TryGetInt64(out var integer) ? (object)integer
        : element.GetRawText().AsSpan().ContainsAny(".eE") ? element.GetDouble()
        : throw new ChatTemplateException("The JSON for the chat template has a whole number beyond 64 bits.");

    private void Write(object? value, int depth)
    {
        budget.Spend();
        switch (value)
        {
            case null:
                output.Append("null");
                break;
            case bool flag:
                output.Append(flag ? "true" : "false");
                break;
            case long number:
                output.Append(number.ToString(CultureInfo.InvariantCulture));
                break;
            case double number:
                output.Append(double.IsNaN(number) ? "NaN" : double.IsInfinity(number) ? number > 0 ? "Infinity" : "-Infinity" : PythonText.Float(number));
                break;
            case string text:
                WriteString(text);
                break;
            case TemplateList list:
                WriteItems('[', ']', list.Items, depth, item => Write(item, depth + 1));
                break;
            case TemplateMapping mapping:
                var keys = PythonValue.Items(mapping, budget);
                WriteItems('{', '}', sortsKeys ? PythonOrder.Sort(keys, key => key, isDescending: false, budget).Items : keys, depth, key =>
                {
                    WriteKey(key);
                    output.Append(keySeparator);
                    Write(mapping.Entries[key!], depth + 1);
                });
                break;
            default:
                throw new ChatTemplateException($"The chat template writes {PythonValue.Kind(value)} as JSON, which has no such thing.");
        }
    }

    private void WriteItems<T>(char open, char close, IReadOnlyList<T> items, int depth, Action<T> write)
    {
        output.Append(open);
        for (var index = 0; index < items.Count; index++)
        {
            output.Append(index == 0 ? "" : itemSeparator);
            NewLine(depth + 1);
            write(items[index]);
        }

        if (items.Count > 0)
        {
            NewLine(depth);
        }

        output.Append(close);
    }

    private void NewLine(int depth)
    {
        if (indent is null)
        {
            return;
        }

        output.Append('\n').Append(indent, depth);
    }

    private void WriteKey(object? key)
    {
        if (key is string text)
        {
            WriteString(text);
            return;
        }

        if (key is TemplateList)
        {
            throw new ChatTemplateException("The chat template writes a dictionary with a tuple as a key as JSON, which has no such thing.");
        }

        output.Append('"');
        Write(key, 0);
        output.Append('"');
    }

    private void WriteString(string text)
    {
        output.Append('"');
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' => output.Append("\\\""),
                '\\' => output.Append("\\\\"),
                '\n' => output.Append("\\n"),
                '\r' => output.Append("\\r"),
                '\t' => output.Append("\\t"),
                '\b' => output.Append("\\b"),
                '\f' => output.Append("\\f"),
                _ when character < ' ' || escapesNonAscii && character > '~' =>
                    output.Append(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}")),
                _ => output.Append(character),
            };
        }

        output.Append('"');
    }
}
