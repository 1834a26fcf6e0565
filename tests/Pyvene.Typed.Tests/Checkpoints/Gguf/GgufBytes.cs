using System.Runtime.InteropServices;
using System.Text;

namespace Pyvene.Typed.Tests.Checkpoints.Gguf;

/// <summary>Writes GGUF files, right ones and, where a test sets a part by hand, wrong ones.</summary>
internal sealed class GgufBytes
{
    private readonly List<(string Key, object Value)> entries = [];
    private readonly List<(string Name, long[] Shape, uint Type, byte[] Data, ulong? Offset)> tensors = [];

    public uint Version { get; init; } = 3;

    public int Alignment { get; init; } = 32;

    public GgufBytes With(string key, object value)
    {
        entries.Add((key, value));
        return this;
    }

    /// <summary>Adds a tensor by GGML's number of its type; the shape has the slowest axis first.</summary>
    public GgufBytes Tensor(string name, long[] shape, uint type, byte[] data, ulong? offset = null)
    {
        tensors.Add((name, shape, type, data, offset));
        return this;
    }

    public GgufBytes Floats(string name, long[] shape, params float[] values) => Tensor(name, shape, 0, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    public byte[] ToArray()
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("GGUF"u8);
        writer.Write(Version);
        writer.Write((ulong)tensors.Count);
        writer.Write((ulong)entries.Count);
        foreach (var (key, value) in entries)
        {
            Text(writer, key);
            writer.Write(TypeOf(value));
            Value(writer, value);
        }

        var offset = 0UL;
        foreach (var (name, shape, type, data, stated) in tensors)
        {
            Text(writer, name);
            writer.Write(shape.Length);
            foreach (var size in shape.Reverse()) writer.Write(size);
            writer.Write(type);
            writer.Write(stated ?? offset);
            offset += (ulong)((data.Length + Alignment - 1) / Alignment * Alignment);
        }

        foreach (var tensor in tensors)
        {
            writer.Write(new byte[(Alignment - (stream.Length % Alignment)) % Alignment]);
            writer.Write(tensor.Data);
        }

        return stream.ToArray();
    }

    private static void Text(BinaryWriter writer, string text)
    {
        writer.Write((ulong)Encoding.UTF8.GetByteCount(text));
        writer.Write(Encoding.UTF8.GetBytes(text));
    }

    private static uint TypeOf(object value) => value switch
    {
        uint => 4, int => 5, float => 6, bool => 7, string => 8, Array => 9, ushort => 2, _ => throw new ArgumentException($"no type for {value}"),
    };

    private static void Value(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case uint number: writer.Write(number); break;
            case int number: writer.Write(number); break;
            case ushort number: writer.Write(number); break;
            case float number: writer.Write(number); break;
            case bool flag: writer.Write(flag); break;
            case string text: Text(writer, text); break;
            case Array array:
                writer.Write(array.Length == 0 ? 4 : TypeOf(array.GetValue(0)!));
                writer.Write((ulong)array.Length);
                foreach (var item in array) Value(writer, item);
                break;
        }
    }
}
