using System.Globalization;
using System.Numerics;

namespace Pyvene.Typed.Checkpoints.Pickle;

/// <summary>Runs the program of a pickle as far as state dictionaries need it: it yields plain values and descriptions of tensors, and calls nothing.</summary>
/// <remarks>
/// Opcodes as in CPython's <c>Lib/pickletools.py</c>. Values are lists, <see cref="PickleTuple"/>s, <see cref="PickleDictionary"/>s, texts, numbers
/// (<see cref="long"/>, <see cref="BigInteger"/>, <see cref="double"/>, <see cref="bool"/>), <see langword="null"/> and <see cref="PickledTensor"/>s. Nothing
/// here recurses, so depth costs no stack; every value that a pickle shares stays shared.
/// </remarks>
internal sealed class PickleMachine
{
    private const long LargestOperationCount = 8_000_000; // some hundred thousand tensors; each operation takes up to about 100 bytes
    private const int LongestInteger = 1024; // bytes

    private readonly PickleInput input;
    private readonly PickleCalls calls;
    private readonly PickleStack stack;

    private PickleMachine(PickleInput input, PickleCalls calls)
    {
        this.input = input;
        this.calls = calls;
        stack = new PickleStack(input);
    }

    /// <summary>Reads one pickle and returns its value.</summary>
    /// <exception cref="Errors.CheckpointException">The pickle is malformed, or asks for more than a state dictionary needs.</exception>
    public static object? Read(PickleInput input, PickleCalls calls)
    {
        var machine = new PickleMachine(input, calls);
        for (var count = 0L; count < LargestOperationCount; count++)
        {
            var opcode = (PickleOpcode)input.Byte();
            if (opcode == PickleOpcode.Stop)
            {
                return machine.stack.Pop();
            }

            machine.Step(opcode);
        }

        throw input.Error($"it has more than {LargestOperationCount} operations.");
    }

    private void Step(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Protocol:
                var protocol = input.Byte();
                if (protocol > 5)
                {
                    throw input.Error($"it is of protocol {protocol}; 0 to 5 can be read.");
                }

                break;
            case PickleOpcode.Frame:
                input.UInt64(); // how far the writer buffered: nothing depends on it
                break;
            case PickleOpcode.Mark:
                stack.Mark();
                break;
            case PickleOpcode.Pop:
                stack.Pop();
                break;
            case PickleOpcode.PopMark:
                stack.PopToMark();
                break;
            case PickleOpcode.Duplicate:
                stack.Push(stack.Peek());
                break;
            case PickleOpcode.Append:
                var item = stack.Pop();
                stack.Peek<List<object?>>("what is appended to").Add(item);
                break;
            case PickleOpcode.Appends:
                var items = stack.PopToMark();
                stack.Peek<List<object?>>("what is appended to").AddRange(items);
                break;
            case PickleOpcode.SetItem:
                var value = stack.Pop();
                Set(stack.Pop(), value);
                break;
            case PickleOpcode.SetItems:
                Set(stack.PopToMark());
                break;
            case PickleOpcode.Build:
                Build(stack.Pop());
                break;
            case PickleOpcode.Put:
                stack.Remember(MemoNumber());
                break;
            case PickleOpcode.BinaryPut:
                stack.Remember(input.Byte());
                break;
            case PickleOpcode.LongBinaryPut:
                stack.Remember(input.UInt32());
                break;
            case PickleOpcode.Memoize:
                stack.Remember();
                break;
            default:
                stack.Push(Value(opcode));
                break;
        }
    }

    /// <summary>Returns the value that an opcode pushes.</summary>
    private object? Value(PickleOpcode opcode) => opcode switch
    {
        PickleOpcode.None => null,
        PickleOpcode.True => true,
        PickleOpcode.False => false,
        PickleOpcode.BinaryInteger => (long)input.Int32(),
        PickleOpcode.BinaryInteger1 => (long)input.Byte(),
        PickleOpcode.BinaryInteger2 => (long)input.UInt16(),
        PickleOpcode.Integer => input.Line() switch { "00" => false, "01" => true, var line => Narrow(Integer(line)) },
        PickleOpcode.Long => Narrow(Integer(input.Line().TrimEnd('L'))),
        PickleOpcode.Long1 => Long(input.Byte()),
        PickleOpcode.Long4 => Long(input.Int32()),
        PickleOpcode.BinaryFloat => input.Double(),
        PickleOpcode.Float => double.TryParse(input.Line(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw input.Error("a number cannot be read."),
        PickleOpcode.ShortBinaryUnicode or PickleOpcode.ShortBinaryString => input.Text(input.Byte()),
        PickleOpcode.BinaryUnicode or PickleOpcode.BinaryString => input.Text(input.UInt32()),
        PickleOpcode.BinaryUnicode8 => input.Text(input.UInt64()),
        PickleOpcode.EmptyList => new List<object?>(),
        PickleOpcode.List => new List<object?>(stack.PopToMark()),
        PickleOpcode.EmptyTuple => new PickleTuple([]),
        PickleOpcode.Tuple => new PickleTuple(stack.PopToMark()),
        PickleOpcode.Tuple1 => Tuple(1),
        PickleOpcode.Tuple2 => Tuple(2),
        PickleOpcode.Tuple3 => Tuple(3),
        PickleOpcode.EmptyDictionary => new PickleDictionary(isOrdered: false),
        PickleOpcode.Dictionary => Dictionary(stack.PopToMark()),
        PickleOpcode.Get => stack.Recall(MemoNumber()),
        PickleOpcode.BinaryGet => stack.Recall(input.Byte()),
        PickleOpcode.LongBinaryGet => stack.Recall(input.UInt32()),
        PickleOpcode.Global => calls.Global(input.Line(), input.Line()),
        PickleOpcode.StackGlobal => StackGlobal(),
        PickleOpcode.BinaryPersistentId => calls.Storage(stack.Pop()),
        PickleOpcode.Reduce => Reduce(),
        _ => throw input.Error($"opcode 0x{(byte)opcode:x2} is unknown or builds objects that no state dictionary has."),
    };

    private object Reduce()
    {
        var arguments = stack.Pop<PickleTuple>("the list of arguments of a call");
        return calls.Call(stack.Pop<PickleFunction>("what is called"), arguments.Items);
    }

    private object StackGlobal()
    {
        var name = stack.Pop<string>("the name of a global");
        return calls.Global(stack.Pop<string>("the module of a global"), name);
    }

    private PickleTuple Tuple(int count)
    {
        var items = new object?[count];
        for (var index = count - 1; index >= 0; index--)
        {
            items[index] = stack.Pop();
        }

        return new PickleTuple(items);
    }

    private PickleDictionary Dictionary(object?[] items)
    {
        stack.Push(new PickleDictionary(isOrdered: false));
        Set(items);
        return stack.Pop<PickleDictionary>("the dictionary");
    }

    private void Set(object?[] items)
    {
        if (items.Length % 2 != 0)
        {
            throw input.Error("a key has no value.");
        }

        for (var index = 0; index < items.Length; index += 2)
        {
            Set(items[index], items[index + 1]);
        }
    }

    private void Set(object? key, object? value)
    {
        if (stack.Peek<PickleDictionary>("what a key is set in").Add(key, value) is { } problem)
        {
            throw input.Error(problem);
        }
    }

    /// <summary>Checks the one state that state dictionaries carry, the versions of their modules, and leaves it out.</summary>
    private void Build(object? state)
    {
        if (stack.Peek() is not PickleDictionary { IsOrdered: true } || state is not PickleDictionary { Items: [{ Key: "_metadata" }] })
        {
            throw input.Error("it sets attributes of an object; a state dictionary has '_metadata' alone.");
        }
    }

    private object Long(int length) =>
        length is >= 0 and <= LongestInteger ? Narrow(new BigInteger(input.Bytes((ulong)length)))
            : throw input.Error($"a whole number declares {length} bytes.");

    private BigInteger Integer(string line) =>
        line.Length <= LongestInteger && BigInteger.TryParse(line, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw input.Error("a whole number cannot be read.");

    private long MemoNumber() => Narrow(Integer(input.Line())) is long number ? number : throw input.Error("a memo number is too large.");

    private static object Narrow(BigInteger value) => value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;
}
