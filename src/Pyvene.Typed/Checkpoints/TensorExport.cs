using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pyvene.Typed.Json;
using static TorchSharp.torch;

namespace Pyvene.Typed.Checkpoints;

/// <summary>Writes named tensors to a file for other programs; the file's ending says in which form.</summary>
internal static class TensorExport
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the tensors.</summary>
    /// <param name="path">A file that ends in <c>.safetensors</c>, <c>.json</c> or <c>.csv</c>; an existing one is replaced at once or not at all.</param>
    /// <param name="tensors">The tensors by name, each with what it is in words.</param>
    /// <exception cref="ArgumentException">The ending is another.</exception>
    public static void Write(string path, IReadOnlyList<(string Name, string Meaning, Tensor Tensor)> tensors)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var untracked = no_grad();
        using var scope = NewDisposeScope();
        switch (EndingOf(path))
        {
            case ".safetensors":
                SafetensorsWriter.Write(path, tensors.Select(item => (item.Name, item.Tensor)), tensors.ToDictionary(item => item.Name, item => item.Meaning));
                break;
            case ".json":
                WholeFile.Write(path, stream => WriteJson(stream, tensors));
                break;
            default:
                WholeFile.Write(path, Csv(tensors));
                break;
        }
    }

    /// <summary>Returns the ending of a path in small letters.</summary>
    /// <exception cref="ArgumentException">There is no form for it.</exception>
    public static string EndingOf(string path) => Path.GetExtension(path).ToLowerInvariant() is (".safetensors" or ".json" or ".csv") and var ending
        ? ending
        : throw new ArgumentException($"'{Path.GetFileName(path)}' names no form; end it with .safetensors, .json or .csv.", nameof(path));

    /// <summary>Returns a cell of a line of comma-separated values.</summary>
    public static string Quoted(string cell) => cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    // {"collect_0": {"meaning": …, "shape": [1, 2, 128], "values": [row-major]}}
    private static void WriteJson(Stream stream, IReadOnlyList<(string Name, string Meaning, Tensor Tensor)> tensors)
    {
        using var json = new Utf8JsonWriter(stream, Relaxed);
        json.WriteStartObject();
        foreach (var (name, meaning, tensor) in tensors)
        {
            json.WriteStartObject(name);
            json.WriteString("meaning", meaning);
            json.WriteNumbers("shape", tensor.shape);
            json.WriteStartArray("values");
            foreach (var value in Values(tensor))
            {
                json.WriteRawValue(double.IsFinite(value) ? Text(value, tensor.dtype) : $"\"{Text(value, tensor.dtype)}\"");
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    // name,axis0,axis1,…,value: a line an element, so that tensors of any shape fit one table.
    private static string Csv(IReadOnlyList<(string Name, string Meaning, Tensor Tensor)> tensors)
    {
        var axes = tensors.Count == 0 ? 0 : tensors.Max(item => (int)item.Tensor.ndim);
        var text = new StringBuilder("name").Append(string.Concat(Enumerable.Range(0, axes).Select(axis => $",axis{axis}"))).Append(",value\n");
        foreach (var (name, _, tensor) in tensors)
        {
            var place = new long[tensor.ndim];
            foreach (var value in Values(tensor))
            {
                text.Append(Quoted(name));
                for (var axis = 0; axis < axes; axis++)
                {
                    text.Append(',').Append(axis < place.Length ? place[axis].ToString(CultureInfo.InvariantCulture) : "");
                }

                text.Append(',').Append(Text(value, tensor.dtype)).Append('\n');
                for (var axis = place.Length - 1; axis >= 0 && ++place[axis] == tensor.shape[axis]; axis--)
                {
                    place[axis] = 0;
                }
            }
        }

        return text.ToString();
    }

    private static double[] Values(Tensor tensor) => tensor.detach().to(float64).cpu().contiguous().data<double>().ToArray();

    // As short as the dtype allows: a float32 is written as one.
    private static string Text(double value, ScalarType dtype) =>
        dtype == ScalarType.Float64 ? value.ToString("R", CultureInfo.InvariantCulture) : ((float)value).ToString("R", CultureInfo.InvariantCulture);
}
