using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>Tells the keys of dictionaries apart as Python does: 1, 1.0 and true are one key, tuples are compared by what they hold, lists are none.</summary>
internal sealed class PythonKeys(TemplateBudget budget) : IEqualityComparer<object>
{
    public new bool Equals(object? left, object? right) => PythonValue.Equals(left, right, budget);

    public int GetHashCode(object value)
    {
        budget.Spend();
        switch (value)
        {
            case string text:
                budget.Read(text);
                return text.GetHashCode(StringComparison.Ordinal);
            case bool or long or double:
                return PythonValue.Number(value).GetHashCode();
            case TemplateList { IsTuple: true } tuple:
                var hash = default(HashCode);
                foreach (var item in tuple.Items)
                {
                    hash.Add(item is null ? 0 : GetHashCode(item));
                }

                return hash.ToHashCode();
            default:
                throw NoKey(value);
        }
    }

    /// <summary>What is said of a value that is no key.</summary>
    public static ChatTemplateException NoKey(object? value) =>
        new($"The chat template uses {PythonValue.Kind(value)} as a key, and only texts, numbers and tuples of these are keys.");
}
