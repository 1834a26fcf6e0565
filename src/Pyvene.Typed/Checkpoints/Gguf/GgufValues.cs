using System.Runtime.InteropServices;

namespace Pyvene.Typed.Checkpoints.Gguf;

/// <summary>Reads the values of a GGUF file's metadata: numbers as .NET's own kinds, texts, and arrays of these, one in another too.</summary>
internal static class GgufValues
{
    private const int DeepestArray = 8;
    private const uint TextType = 8;
    private const uint ArrayType = 9;

    /// <summary>Reads the type of a value, and the value.</summary>
    /// <param name="cursor">Where it stands.</param>
    /// <param name="what">What it is, for messages.</param>
    /// <exception cref="Errors.CheckpointException">The type is unknown, or the file too short.</exception>
    public static object Read(GgufCursor cursor, string what)
    {
        var at = cursor.Position;
        var type = cursor.UInt32($"the type of {what}");
        return type switch
        {
            0 => Number<byte>(cursor, what),
            1 => Number<sbyte>(cursor, what),
            2 => Number<ushort>(cursor, what),
            3 => Number<short>(cursor, what),
            4 => Number<uint>(cursor, what),
            5 => Number<int>(cursor, what),
            6 => Number<float>(cursor, what),
            7 => Flag(cursor, Number<byte>(cursor, what), what),
            TextType => cursor.Text(what),
            ArrayType => ReadArray(cursor, what, 1),
            10 => Number<ulong>(cursor, what),
            11 => Number<long>(cursor, what),
            12 => Number<double>(cursor, what),
            _ => throw cursor.Refused(at, $"{what} is of type {type}, which the format does not have; the types are 0 to 12"),
        };
    }

    private static Array ReadArray(GgufCursor cursor, string what, int depth)
    {
        var at = cursor.Position;
        var type = cursor.UInt32($"the element type of {what}");
        if (depth > DeepestArray)
        {
            throw cursor.Refused(at, $"{what} has arrays in one another, more than {DeepestArray} deep");
        }

        var count = $"the number of elements of {what}";
        return type switch
        {
            0 => Numbers<byte>(cursor, cursor.Count(1, count), what),
            1 => Numbers<sbyte>(cursor, cursor.Count(1, count), what),
            2 => Numbers<ushort>(cursor, cursor.Count(2, count), what),
            3 => Numbers<short>(cursor, cursor.Count(2, count), what),
            4 => Numbers<uint>(cursor, cursor.Count(4, count), what),
            5 => Numbers<int>(cursor, cursor.Count(4, count), what),
            6 => Numbers<float>(cursor, cursor.Count(4, count), what),
            7 => Array.ConvertAll(Numbers<byte>(cursor, cursor.Count(1, count), what), flag => Flag(cursor, flag, what)),
            TextType => Items(cursor.Count(8, count), () => cursor.Text($"a text of {what}")),
            ArrayType => Items(cursor.Count(12, count), () => ReadArray(cursor, what, depth + 1)),
            10 => Numbers<ulong>(cursor, cursor.Count(8, count), what),
            11 => Numbers<long>(cursor, cursor.Count(8, count), what),
            12 => Numbers<double>(cursor, cursor.Count(8, count), what),
            _ => throw cursor.Refused(at, $"{what} is an array of type {type}, which the format does not have; the types are 0 to 12"),
        };
    }

    private static T Number<T>(GgufCursor cursor, string what)
        where T : unmanaged => Numbers<T>(cursor, 1, what)[0];

    private static T[] Numbers<T>(GgufCursor cursor, long count, string what)
        where T : unmanaged
    {
        var numbers = new T[count];
        cursor.Fill(MemoryMarshal.AsBytes(numbers.AsSpan()), what);
        return numbers;
    }

    private static T[] Items<T>(long count, Func<T> read)
    {
        var items = new T[count];
        for (var index = 0L; index < count; index++)
        {
            items[index] = read();
        }

        return items;
    }

    private static bool Flag(GgufCursor cursor, byte value, string what) =>
        value <= 1 ? value == 1 : throw cursor.Refused(cursor.Position - 1, $"{what} is true or false, 1 or 0, but is {value}");
}
