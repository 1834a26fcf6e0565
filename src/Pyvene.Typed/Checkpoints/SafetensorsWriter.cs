using System.Buffers.Binary;
using System.Text.Json;
using Pyvene.Typed.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Checkpoints;

/// <summary>Writes tensors to a safetensors file.</summary>
public static class SafetensorsWriter
{
    private const int Alignment = 8;

    /// <summary>Writes a file as a whole: it is written beside its place and moved there at the end, so that a failure leaves nothing half-written.</summary>
    /// <param name="path">The file's path; an existing file is replaced.</param>
    /// <param name="tensors">The tensors by name, of any shape, device and stride, in a dtype that the format has. They stay the caller's.</param>
    /// <param name="metadata">Free text to store beside them, or <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">A name is used twice or reserved, or a dtype cannot be stored.</exception>
    public static void Write(string path, IEnumerable<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        // The widest elements first, as the reference implementation does: then every tensor starts at a multiple of its element size.
        var ordered = tensors.OrderByDescending(item => SafetensorsDtype.Of(item.Tensor.dtype).Size).ThenBy(item => item.Name, StringComparer.Ordinal).ToList();
        var header = Header(ordered, metadata);
        WholeFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var (_, tensor) in ordered)
            {
                WriteData(stream, tensor);
            }
        });
    }

    private static byte[] Header(List<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            WriteEntries(json, tensors);
            json.WriteEndObject();
        }

        while (buffer.Length % Alignment != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        return buffer.ToArray();
    }

    private static void WriteEntries(Utf8JsonWriter json, List<(string Name, Tensor Tensor)> tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { "__metadata__" };
        var offset = 0L;
        foreach (var (name, tensor) in tensors)
        {
            if (!names.Add(name))
            {
                throw new ArgumentException($"The tensor name '{name}' is reserved or used twice; every name must be its own.", nameof(tensors));
            }

            var (dtype, size) = SafetensorsDtype.Of(tensor.dtype);
            json.WriteStartObject(name);
            json.WriteString("dtype", dtype);
            json.WriteNumbers("shape", tensor.shape);
            json.WriteNumbers("data_offsets", [offset, offset += tensor.numel() * size]);
            json.WriteEndObject();
        }
    }

    private static void WriteData(Stream stream, Tensor tensor)
    {
        if (tensor.numel() == 0)
        {
            return;
        }

        const long elements = 1 << 27; // at most 1 GiB at once: a span cannot be longer than 2 GiB
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var flat = tensor.detach().cpu().contiguous().view(-1); // [element]
        for (var start = 0L; start < flat.shape[0]; start += elements)
        {
            stream.Write(flat.narrow(0, start, Math.Min(elements, flat.shape[0] - start)).bytes);
        }
    }
}
