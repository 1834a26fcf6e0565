using System.Text.Json;
using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Conformance.Groups.Gguf;

/// <summary>Runs a case of <c>gguf</c>: everything that one file holds, or its refusal.</summary>
internal static class GgufFileCase
{
    /// <summary>Opens the file and compares its metadata and tensors.</summary>
    public static void Check(string folder, GoldenCase golden, Comparison comparison)
    {
        var path = Path.Combine(folder, golden.Text("file")!);
        if (golden.Flag("refuse"))
        {
            try
            {
                using var opened = GgufFile.Open(path);
                foreach (var name in opened.Names) opened.Read(name);
                comparison.Fail("the file was to be refused, and was not");
            }
            catch (CheckpointException refusal)
            {
                comparison.Holds(refusal.Message.Length > 0, "the refusal says nothing");
            }

            return;
        }

        using var file = GgufFile.Open(path);
        var metadata = golden.Required("metadata").EnumerateArray().ToList();
        comparison.Sequence("keys", [.. file.Metadata.Keys], [.. metadata.Select(entry => entry.GetProperty("key").GetString()!)]);
        foreach (var entry in metadata)
        {
            var key = entry.GetProperty("key").GetString()!;
            comparison.Exact($"type of {key}", TypeOf(file.Metadata[key]), Stated(entry));
            var value = JsonSerializer.SerializeToElement(Plain(file.Metadata[key]), JsonForm.Plain);
            comparison.Holds(JsonElement.DeepEquals(value, entry.GetProperty("value")), $"{key}: {value}, expected {entry.GetProperty("value")}");
        }

        var tensors = golden.Required("tensors").EnumerateArray().ToList();
        comparison.Sequence("names", [.. file.Names], [.. tensors.Select(tensor => tensor.GetProperty("name").GetString()!)]);
        foreach (var tensor in tensors)
        {
            var name = tensor.GetProperty("name").GetString()!;
            comparison.Exact($"type of {name}", file.Tensor(name).Type.Name, tensor.GetProperty("type").GetString()!);
            comparison.Exact($"offset of {name}", file.Tensor(name).Start, tensor.GetProperty("offset").GetInt64());
            comparison.Tensor(name, file.Read(name), golden.Tensor(tensor.GetProperty("values")), default);
        }
    }

    private static object Plain(object value) => value switch
    {
        byte[] bytes => bytes.Select(item => (int)item), // not as base64
        Array[] arrays => arrays.Select(item => Plain(item)),
        float number => (double)number,
        float[] numbers => numbers.Select(item => (double)item),
        _ => value,
    };

    private static string Stated(JsonElement entry)
    {
        static string Name(JsonElement type) => type.ValueKind == JsonValueKind.Array ? $"{Name(type[1])}[]" : type.GetString()!;
        return entry.TryGetProperty("element", out var element) ? $"{Name(element)}[]" : Name(entry.GetProperty("type"));
    }

    private static string TypeOf(object value) => value is Array[] arrays ? $"{TypeOf(arrays[0])}[]" : NameOf(value.GetType());

    private static string NameOf(Type type) => type switch
    {
        { IsArray: true } => $"{NameOf(type.GetElementType()!)}[]",
        _ when type == typeof(byte) => "u8",
        _ when type == typeof(sbyte) => "i8",
        _ when type == typeof(ushort) => "u16",
        _ when type == typeof(short) => "i16",
        _ when type == typeof(uint) => "u32",
        _ when type == typeof(int) => "i32",
        _ when type == typeof(float) => "f32",
        _ when type == typeof(bool) => "bool",
        _ when type == typeof(string) => "str",
        _ when type == typeof(ulong) => "u64",
        _ when type == typeof(long) => "i64",
        _ when type == typeof(double) => "f64",
        _ => throw new InvalidOperationException($"metadata holds a {type}"),
    };
}
