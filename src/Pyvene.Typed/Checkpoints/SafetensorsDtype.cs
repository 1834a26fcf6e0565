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
