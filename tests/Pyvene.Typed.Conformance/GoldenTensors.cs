using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance;

/// <summary>The tensors beside a file of cases, read one at a time by name.</summary>
internal sealed class GoldenTensors
{
    private readonly string _path;
    private readonly JsonElement _header;
    private readonly long _start;

    private GoldenTensors(string path, JsonElement header, long start) => (_path, _header, _start) = (path, header, start);

    /// <summary>Reads the header of a safetensors file.</summary>
    public static GoldenTensors Open(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> length = stackalloc byte[8];
        file.ReadExactly(length);
        var header = new byte[BinaryPrimitives.ReadInt64LittleEndian(length)];
        file.ReadExactly(header);
        using var document = JsonDocument.Parse(header);
        return new GoldenTensors(path, document.RootElement.Clone(), 8 + header.Length);
    }

    /// <summary>Reads a tensor. It belongs to the current dispose scope.</summary>
    public Tensor Read(string name)
    {
        if (!_header.TryGetProperty(name, out var entry)) throw new InvalidDataException($"{_path} has no tensor '{name}'");
        var shape = entry.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
        var tensor = empty(shape, TypeOf(entry.GetProperty("dtype").GetString()));
        using var file = File.OpenRead(_path);
        file.Position = _start + entry.GetProperty("data_offsets")[0].GetInt64();
        file.ReadExactly(tensor.bytes);
        return tensor;
    }

    private static ScalarType TypeOf(string? dtype) => dtype switch
    {
        "F64" => ScalarType.Float64, "F32" => ScalarType.Float32, "F16" => ScalarType.Float16, "BF16" => ScalarType.BFloat16,
        "I64" => ScalarType.Int64, "I32" => ScalarType.Int32, "I16" => ScalarType.Int16, "I8" => ScalarType.Int8, "U8" => ScalarType.Byte, "BOOL" => ScalarType.Bool,
        _ => throw new InvalidDataException($"unknown dtype {dtype}"),
    };
}
