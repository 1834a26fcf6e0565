using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;

namespace Pyvene.Typed.Descriptors;

/// <summary>Computes the sizes of an architecture for one model: expressions such as <c>hidden/heads</c> over configuration fields, other sizes and whole numbers.</summary>
internal sealed class ArchitectureSizes(ArchitectureDescriptor descriptor, ModelConfig config)
{
    private readonly Dictionary<string, long?> known = new(StringComparer.Ordinal);

    /// <summary>Returns a size.</summary>
    /// <exception cref="InterventionException">The configuration has none of the fields that the expression needs.</exception>
    public long this[string expression] =>
        TryEvaluate(expression)
        ?? throw new InterventionException("config", $"{config.Origin} does not tell the size '{expression}' that the components of '{descriptor.Key}' need.");

    /// <summary>Returns a size, or <see langword="null"/> when the configuration does not tell it.</summary>
    public long? TryEvaluate(string expression)
    {
        long? value = null;
        var operation = '*';
        foreach (var (term, following) in Terms(expression))
        {
            if (Term(term) is not { } right)
            {
                return null;
            }

            value = value is not { } left ? right : operation == '*' ? checked(left * right) : right == 0 ? null : left / right;
            operation = following;
        }

        return value;
    }

    private static IEnumerable<(string Term, char Following)> Terms(string expression)
    {
        for (var start = 0; start < expression.Length;)
        {
            var end = expression.AsSpan(start).IndexOfAny('*', '/') is >= 0 and var offset ? start + offset : expression.Length;
            yield return (expression[start..end].Trim(), end < expression.Length ? expression[end] : '*');
            start = end + 1;
        }
    }

    private long? Term(string term)
    {
        if (long.TryParse(term, out var number))
        {
            return number;
        }

        if (!descriptor.Sizes.TryGetValue(term, out var alternatives))
        {
            return config.GetElement(term) is { ValueKind: System.Text.Json.JsonValueKind.Array } list ? list.GetArrayLength() : config.GetInteger(term);
        }

        if (!known.TryGetValue(term, out var value))
        {
            known[term] = null; // A size that needs itself is unknown, not an endless loop.
            value = alternatives.Select(TryEvaluate).FirstOrDefault(candidate => candidate is not null);
            known[term] = value;
        }

        return value;
    }
}
