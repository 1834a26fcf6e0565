using System.Text.Json;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Checkpoints;

/// <summary>Says what a tensor of a safetensors file is and where its bytes lie.</summary>
/// <param name="Dtype">The dtype's stored name; it may be one that cannot be read.</param>
/// <param name="Shape">The sizes.</param>
/// <param name="Start">The position of the first byte in the file.</param>
/// <param name="Length">The number of bytes; the product of the shape and the element size, where the dtype is known.</param>
internal sealed record SafetensorsEntry(string Dtype, long[] Shape, long Start, long Length)
{
    /// <summary>Returns the dtype and shape for a reader of the tensor.</summary>
    /// <exception cref="CheckpointException">The dtype cannot be read.</exception>
    public TensorInfo Info(string path, string name) => SafetensorsDtype.TryParse(Dtype, out var dtype, out _)
        ? new TensorInfo(dtype, Shape)
        : throw new CheckpointException(path, $"Tensor '{name}' has dtype '{Dtype}', which cannot be read; these can: {SafetensorsDtype.Names}. Convert the "
            + "file first.");

    /// <summary>Parses one entry of a header and checks it against the size of the file.</summary>
    /// <exception cref="CheckpointException">The entry is malformed or points outside the file.</exception>
    public static SafetensorsEntry Parse(string path, string name, JsonElement entry, long dataStart, long fileLength)
    {
        if (entry.ValueKind != JsonValueKind.Object
            || !entry.TryGetProperty("dtype", out var dtypeName) || dtypeName.ValueKind != JsonValueKind.String
            || !entry.TryGetProperty("shape", out var shapeItems) || !TryReadSizes(shapeItems, out var shape)
            || !entry.TryGetProperty("data_offsets", out var offsetItems) || !TryReadSizes(offsetItems, out var offsets) || offsets.Length != 2)
        {
            throw new CheckpointException(
                path,
                $"The header entry of tensor '{name}' must have a 'dtype' (text), a 'shape' (sizes of 0 or more) and 'data_offsets' (two of them), "
                + $"but is {Excerpt.Of(entry)}.");
        }

        var available = fileLength - dataStart;
        if (offsets[0] > offsets[1] || offsets[1] > available)
        {
            throw new CheckpointException(
                path,
                $"Tensor '{name}' claims the bytes {offsets[0]} to {offsets[1]} of the data, but the file holds {available}. "
                + "The file is truncated or malformed.");
        }

        var length = offsets[1] - offsets[0];
        var dtype = dtypeName.GetString()!;
        // A dtype that is not of the format today may be one tomorrow: its size is then what the offsets say.
        if (TensorExtent.TryCount(shape, out var count) && (SafetensorsDtype.Bits(dtype) is not { } bits || (Int128)count * bits == (Int128)length * 8))
        {
            return new SafetensorsEntry(dtype, shape, dataStart + offsets[0], length);
        }

        throw new CheckpointException(
            path,
            $"Tensor '{name}' of dtype {dtype} and shape [{string.Join(", ", shape)}] does not take the {length} bytes "
            + "that the header gives it.");
    }

    private static bool TryReadSizes(JsonElement items, out long[] sizes)
    {
        sizes = [];
        if (items.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        var read = new long[items.GetArrayLength()];
        for (var i = 0; i < read.Length; i++)
        {
            if (items[i].ValueKind != JsonValueKind.Number || !items[i].TryGetInt64(out read[i]) || read[i] < 0)
            {
                return false;
            }
        }

        sizes = read;
        return true;
    }
}
