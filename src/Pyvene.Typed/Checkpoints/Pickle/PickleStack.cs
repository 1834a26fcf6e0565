namespace Pyvene.Typed.Checkpoints.Pickle;

/// <summary>Is the stack of a pickle with its marks and its memo. A program that takes what it never put is refused.</summary>
/// <param name="input">Makes the errors.</param>
internal sealed class PickleStack(PickleInput input)
{
    private readonly List<object?> items = [];
    private readonly List<int> marks = [];
    private readonly Dictionary<long, object?> memo = [];

    public void Push(object? value) => items.Add(value);

    public object? Pop()
    {
        var value = Peek();
        items.RemoveAt(items.Count - 1);
        return value;
    }

    /// <summary>Returns the top without taking it.</summary>
    public object? Peek() => items.Count > Floor ? items[^1] : throw input.Error("it takes a value from an empty stack.");

    public T Pop<T>(string what) => Pop() is T value ? value : throw input.Error($"{what} is of the wrong kind.");

    public T Peek<T>(string what) => Peek() is T value ? value : throw input.Error($"{what} is of the wrong kind.");

    public void Mark() => marks.Add(items.Count);

    /// <summary>Takes all values down to the last mark.</summary>
    public object?[] PopToMark()
    {
        if (marks.Count == 0)
        {
            throw input.Error("it takes the values after a mark, but there is none.");
        }

        var values = items.GetRange(marks[^1], items.Count - marks[^1]).ToArray();
        items.RemoveRange(marks[^1], values.Length);
        marks.RemoveAt(marks.Count - 1);
        return values;
    }

    /// <summary>Remembers the top under a number; without one, under the next.</summary>
    public void Remember(long? index = null) => memo[index is null or >= 0 ? index ?? memo.Count : throw input.Error("a memo number is negative.")] = Peek();

    public object? Recall(long index) => memo.TryGetValue(index, out var value)
        ? value
        : throw input.Error($"it takes number {index} of its memo, which was never put.");

    /// <summary>What lies below the last mark belongs to an unfinished value.</summary>
    private int Floor => marks.Count == 0 ? 0 : marks[^1];
}
