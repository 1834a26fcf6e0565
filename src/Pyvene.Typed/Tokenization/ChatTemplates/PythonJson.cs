using System.Globalization;
using System.Text;
using System.Text.Json;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>Writes values as Python's <c>json.dumps</c> does, and reads JSON into values.</summary>
internal sealed class PythonJson
{
    private readonly StringBuilder output = new();
    private readonly string? indent;
    private readonly string itemSeparator;
    private readonly string keySeparator;
    private readonly bool escapesNonAscii;
    private readonly bool sortsKeys;
    private readonly TemplateBudget budget;

    private PythonJson(TemplateCall call, TemplateBudget budget)
    {
        this.budget = budget;
        escapesNonAscii = PythonValue.IsTrue(call.Get(0, "ensure_ascii", false));
        indent = call.Get(1, "indent") switch
        {
            null => null,
            string text => text,
            var width => new string(' ', (int)Math.Clamp(PythonValue.Integer(width), 0, 100)),
        };
        var separators = call.Get(2, "separators") is TemplateList { Items: [string item, string key] } ? (item, key) : default((string, string)?);
        (itemSeparator, keySeparator) = separators ?? (indent is null ? ", " : ",", ": ");
        sortsKeys = PythonValue.IsTrue(call.Get(3, "sort_keys", false));
    }

    public static string Write(object? value, TemplateCall call, TemplateBudget budget)
    {
        var json = new PythonJson(call, budget);
        json.Write(value, 0);
        return json.output.ToString();
    }

    public static object? Read(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => ReadMapping(element),
        JsonValueKind.Array => new TemplateList([.. element.EnumerateArray().Select(Read)]),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.TryGetInt64(out var integer) ? (object)integer : element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private static TemplateMapping ReadMapping(JsonElement element)
    {
        var entries = new OrderedDictionary<object, object?>();
        foreach (var member in element.EnumerateObject())
        {
            entries[member.Name] = Read(member.Value);
        }

        return new TemplateMapping(entries);
    }

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
                output.Append(CultureInfo.InvariantCulture, $"{number}");
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
                IEnumerable<KeyValuePair<object, object?>> entries = sortsKeys
                    ? mapping.Entries.OrderBy(entry => PythonText.Str(entry.Key), StringComparer.Ordinal)
                    : mapping.Entries;
                WriteItems('{', '}', [.. entries], depth, entry =>
                {
                    WriteString(entry.Key is string key ? key : Write(entry.Key, new TemplateCall([], new Dictionary<string, object?>()), budget));
                    output.Append(keySeparator);
                    Write(entry.Value, depth + 1);
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

        TemplateBudget.Limit(output.Length + (long)depth * indent.Length);
        output.Append('\n');
        for (var level = 0; level < depth; level++)
        {
            output.Append(indent);
        }
    }

    private void WriteString(string text)
    {
        budget.Spend(text.Length >> 6);
        TemplateBudget.Limit(output.Length + (long)text.Length);
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
                _ when character < ' ' || escapesNonAscii && character > '~' => output.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => output.Append(character),
            };
        }

        output.Append('"');
    }
}
