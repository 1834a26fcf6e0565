using System.Globalization;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Checkpoints.Gguf;

/// <summary>Asks the metadata of a GGUF file for values of a kind; what is of another is refused by its key.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="values">The values by key.</param>
internal sealed class GgufMetadata(string path, IReadOnlyDictionary<string, object> values)
{
    /// <summary>Gets the file.</summary>
    public string Path => path;

    /// <summary>Gets the keys, in stored order.</summary>
    public IEnumerable<string> Keys => values.Keys;

    /// <summary>Returns whether a key is there.</summary>
    public bool Has(string key) => values.ContainsKey(key);

    /// <summary>Returns a value as it is stored; <see langword="null"/> where it is absent.</summary>
    public object? Value(string key) => values.GetValueOrDefault(key);

    /// <summary>Returns a text; <see langword="null"/> where it is absent.</summary>
    public string? Text(string key) => Value(key) switch { null => null, string text => text, var other => throw Another(key, "a text", other) };

    /// <summary>Returns a truth value; <see langword="null"/> where it is absent.</summary>
    public bool? Flag(string key) => Value(key) switch { null => null, bool flag => flag, var other => throw Another(key, "true or false", other) };

    /// <summary>Returns a number; <see langword="null"/> where it is absent.</summary>
    public double? Number(string key) => Value(key) switch
    {
        null => null,
        float number => number,
        double number => number,
        var other => Whole(key, other),
    };

    /// <summary>Returns a whole number; <see langword="null"/> where it is absent. One a layer counts where all are the same.</summary>
    public long? Whole(string key) => Value(key) is { } value ? Whole(key, value) : null;

    /// <summary>Returns a list of a kind; <see langword="null"/> where it is absent.</summary>
    public T[]? List<T>(string key) =>
        Value(key) switch { null => null, T[] list => list, var other => throw Another(key, $"a list of {typeof(T).Name}", other) };

    /// <summary>Makes the refusal of an absent key.</summary>
    public CheckpointException Missing(string key) => new(path, $"The metadata has no '{key}', which this architecture needs. Convert the model again.");

    /// <summary>Shows a value in a message.</summary>
    public static string Text(object value) => value switch
    {
        string text => $"'{Excerpt.Of(text)}'",
        Array array => $"a list of {array.Length}",
        _ => $"{Convert.ToString(value, CultureInfo.InvariantCulture)} ({value.GetType().Name})",
    };

    private long Whole(string key, object value) => value switch
    {
        byte or sbyte or ushort or short or uint or int or long => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        ulong number and <= long.MaxValue => (long)number,
        Array { Length: > 0, Rank: 1 } list and not (string[] or bool[] or float[] or double[] or Array[]) => Same(key, list),
        _ => throw Another(key, "a whole number", value),
    };

    private long Same(string key, Array list)
    {
        var numbers = list.Cast<object>().Select(item => Whole(key, item)).Distinct().Take(2).ToArray();
        return numbers.Length == 1
            ? numbers[0]
            : throw new CheckpointException(path, $"'{key}' gives the layers different numbers, such as {numbers[0]} and {numbers[1]}, which is not supported.")
            {
                IsUnsupported = true,
            };
    }

    private CheckpointException Another(string key, string expected, object actual) => new(path, $"'{key}' must be {expected}, but is {Text(actual)}.");
}
