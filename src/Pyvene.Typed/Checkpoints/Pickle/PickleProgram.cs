using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Pyvene.Typed.Checkpoints.Pickle;

/// <summary>Writes the pickle of a state dictionary: an <c>OrderedDict</c> of names and tensors, each contiguous in a storage of its own (protocol
/// 2).</summary>
internal sealed class PickleProgram
{
    private readonly MemoryStream bytes = new();

    private PickleProgram()
    {
    }

    /// <summary>Returns the pickle of tensors; the storage of the n-th has the key n.</summary>
    public static byte[] Of(IEnumerable<(string Name, StorageKind Kind, long[] Shape)> tensors)
    {
        var program = new PickleProgram();
        program.Write((byte)PickleOpcode.Protocol, 2);
        program.EmptyOrderedDictionary();
        program.Write((byte)PickleOpcode.Mark);
        var index = 0;
        foreach (var (name, kind, shape) in tensors)
        {
            program.Text(name);
            program.Tensor(kind, shape, index++);
        }

        program.Write((byte)PickleOpcode.SetItems, (byte)PickleOpcode.Stop);
        return program.bytes.ToArray();
    }

    private void Tensor(StorageKind kind, long[] shape, int index)
    {
        Global("torch._utils", "_rebuild_tensor_v2");
        Write((byte)PickleOpcode.Mark, (byte)PickleOpcode.Mark);
        Text("storage");
        Global("torch", kind.Name);
        Text(index.ToString(CultureInfo.InvariantCulture));
        Text("cpu");
        Integer(shape.Aggregate(1L, (product, size) => product * size));
        Write((byte)PickleOpcode.Tuple, (byte)PickleOpcode.BinaryPersistentId);
        Integer(0);
        Integers(shape);
        Integers(Strides(shape));
        Write((byte)PickleOpcode.False);
        EmptyOrderedDictionary();
        Write((byte)PickleOpcode.Tuple, (byte)PickleOpcode.Reduce);
    }

    private static long[] Strides(long[] shape)
    {
        var strides = new long[shape.Length];
        var stride = 1L;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= Math.Max(1, shape[axis]);
        }

        return strides;
    }

    private void EmptyOrderedDictionary()
    {
        Global("collections", "OrderedDict");
        Write((byte)PickleOpcode.EmptyTuple, (byte)PickleOpcode.Reduce);
    }

    private void Global(string module, string name) => Write([(byte)PickleOpcode.Global, .. Encoding.ASCII.GetBytes($"{module}\n{name}\n")]);

    private void Integers(long[] values)
    {
        Write((byte)PickleOpcode.Mark);
        foreach (var value in values)
        {
            Integer(value);
        }

        Write((byte)PickleOpcode.Tuple);
    }

    private void Integer(long value)
    {
        Span<byte> wide = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(wide, value);
        if (value <= int.MaxValue)
        {
            Write([(byte)PickleOpcode.BinaryInteger, .. wide[..4]]);
        }
        else
        {
            Write([(byte)PickleOpcode.Long1, 8, .. wide]);
        }
    }

    private void Text(string text)
    {
        var encoded = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, encoded.Length);
        Write([(byte)PickleOpcode.BinaryUnicode, .. length, .. encoded]);
    }

    private void Write(params ReadOnlySpan<byte> program) => bytes.Write(program);
}
