using System.Numerics;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Checkpoints.Pickle;

/// <summary>Is a Python dictionary in the order of insertion.</summary>
/// <param name="isOrdered">Whether it is an <c>OrderedDict</c>.</param>
internal sealed class PickleDictionary(bool isOrdered)
{
    /// <summary>The problem when a key is refused.</summary>
    private const string WrongKey = "a key of a dictionary is no text of at most 1024 characters, no number and no short tuple of numbers.";

    private const int LongestKey = 1024; // a key is hashed each time it is set, so its length times the number of operations must stay small

    private OrderedDictionary<object, object?>? items; // made with the first value: a pickle may hold a dictionary in every byte

    /// <summary>Gets whether it is an <c>OrderedDict</c>.</summary>
    public bool IsOrdered { get; } = isOrdered;

    /// <summary>Gets the keys and values in order.</summary>
    public IReadOnlyList<KeyValuePair<object, object?>> Items => items ?? (IReadOnlyList<KeyValuePair<object, object?>>)[];

    /// <summary>Adds a value.</summary>
    /// <returns>What is wrong with the key; <see langword="null"/> when the value was added.</returns>
    public string? Add(object? key, object? value) =>
        key is not (string { Length: <= LongestKey } or long or BigInteger or double or bool or PickleTuple { IsKey: true }) ? WrongKey
        : (items ??= []).TryAdd(key, value) ? null
        : $"the key '{(key is string text ? Excerpt.Of(text) : key)}' of a dictionary is set twice, and only one of the values would stay.";

    /// <summary>Returns the value of a text key, or <see langword="null"/>.</summary>
    public object? Get(string key) => items?.GetValueOrDefault(key);
}
