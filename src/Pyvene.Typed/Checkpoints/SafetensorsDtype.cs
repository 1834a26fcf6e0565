using static TorchSharp.torch;

namespace Pyvene.Typed.Checkpoints;

/// <summary>Maps the dtype names of the safetensors format to TorchSharp's.</summary>
internal static class SafetensorsDtype
{
    private static readonly (string Name, ScalarType Dtype, int Size)[] Known =
    [
        ("F64", ScalarType.Float64, 8),
        ("F32", ScalarType.Float32, 4),
        ("F16", ScalarType.Float16, 2),
        ("BF16", ScalarType.BFloat16, 2),
        ("I64", ScalarType.Int64, 8),
        ("I32", ScalarType.Int32, 4),
        ("I16", ScalarType.Int16, 2),
        ("I8", ScalarType.Int8, 1),
        ("U8", ScalarType.Byte, 1),
        ("BOOL", ScalarType.Bool, 1),
    ];

    /// <summary>The dtypes of the format that TorchSharp has none for, with the size of an element in bits.</summary>
    private static readonly Dictionary<string, int> Others = new(StringComparer.Ordinal)
    {
        ["F4"] = 4, ["F6_E2M3"] = 6, ["F6_E3M2"] = 6, ["F8_E4M3"] = 8, ["F8_E5M2"] = 8, ["F8_E8M0"] = 8, ["U16"] = 16, ["U32"] = 32, ["U64"] = 64, ["C64"] = 64,
    };

    /// <summary>Returns the size of an element in bits, of dtypes that cannot be read too; <see langword="null"/> when the format has no such dtype.</summary>
    public static int? Bits(string name) => TryParse(name, out _, out var size) ? size * 8 : Others.TryGetValue(name, out var bits) ? bits : null;

    /// <summary>Gets the supported names, for messages.</summary>
    public static string Names { get; } = string.Join(", ", Known.Select(known => known.Name));

    /// <summary>Finds the dtype and element size in bytes of a stored name.</summary>
    public static bool TryParse(string name, out ScalarType dtype, out int size)
    {
        var found = Array.Find(Known, known => known.Name == name);
        (dtype, size) = (found.Dtype, found.Size);
        return found.Name is not null;
    }

    /// <summary>Returns the stored name and element size in bytes of a dtype.</summary>
    /// <exception cref="ArgumentException">The format has no name for the dtype, or TorchSharp none for its values.</exception>
    public static (string Name, int Size) Of(ScalarType dtype)
    {
        var found = Array.Find(Known, known => known.Dtype == dtype);
        return found.Name is null
            ? throw new ArgumentException($"A safetensors file cannot hold a tensor of dtype {dtype}; it can hold {Names}. Convert the tensor first.")
            : (found.Name, found.Size);
    }
}
