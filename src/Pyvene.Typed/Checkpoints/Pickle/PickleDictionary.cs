using System.Numerics;

namespace Pyvene.Typed.Checkpoints.Pickle;

/// <summary>Is a Python dictionary in the order of insertion.</summary>
/// <param name="isOrdered">Whether it is an <c>OrderedDict</c>.</param>
internal sealed class PickleDictionary(bool isOrdered)
{
    /// <summary>The problem when a key is refused.</summary>
    public const string WrongKey = "a key of a dictionary is no text of at most 1024 characters, no number and no short tuple of numbers.";

    private const int LongestKey = 1024; // a key is hashed each time it is set, so its length times the number of operations must stay small

    private readonly OrderedDictionary<object, object?> items = [];

    /// <summary>Gets whether it is an <c>OrderedDict</c>.</summary>
    public bool IsOrdered { get; } = isOrdered;

    /// <summary>Gets the keys and values in order.</summary>
    public IReadOnlyList<KeyValuePair<object, object?>> Items => items;

    /// <summary>Sets a value.</summary>
    /// <returns>False when the key is refused; <see cref="WrongKey"/> says why.</returns>
    public bool TrySet(object? key, object? value)
    {
        if (key is not (string { Length: <= LongestKey } or long or BigInteger or double or bool or PickleTuple { IsKey: true }))
        {
            return false;
        }

        items[key] = value;
        return true;
    }

    /// <summary>Returns the value of a text key, or <see langword="null"/>.</summary>
    public object? Get(string key) => items.GetValueOrDefault(key);
}
