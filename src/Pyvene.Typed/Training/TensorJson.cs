using System.Globalization;
using System.Text.Json;
using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

/// <summary>Writes and reads tensors as JSON: their dtype, shape and numbers, or the name of a tensor in a file beside the text.</summary>
/// <param name="beside">Takes the tensors that are written to a file beside the text; null = their numbers stand in the text.</param>
/// <param name="file">The file beside a text that is read; null = there is none.</param>
internal sealed class TensorJson(ICollection<(string Name, Tensor Value)>? beside = null, SafetensorsFile? file = null)
{
    /// <summary>Writes a tensor.</summary>
    /// <param name="json">The writer, where a value stands.</param>
    /// <param name="path">Where that is, for messages and as the name in the file.</param>
    /// <param name="tensor">The tensor.</param>
    /// <exception cref="InterventionException">Its numbers stand in the text, and one is not finite.</exception>
    public void Write(Utf8JsonWriter json, string path, Tensor tensor)
    {
        json.WriteStartObject();
        if (beside is null)
        {
            json.WriteString("dtype", SafetensorsDtype.Of(tensor.dtype).Name);
            json.WriteNumbers("shape", tensor.shape);
            json.WritePropertyName("values");
            ConfigWriter.WriteCompact(json, Numbers(tensor, path));
        }
        else
        {
            json.WriteString("tensor", path);
            beside.Add((path, tensor));
        }

        json.WriteEndObject();
    }

    /// <summary>Reads a tensor; it belongs to the current dispose scope.</summary>
    /// <param name="json">The value.</param>
    /// <exception cref="InterventionException">The value is malformed.</exception>
    /// <exception cref="CheckpointException">The file beside the text does not hold the tensor.</exception>
    public Tensor Read(JsonPlace json)
    {
        var fields = json.Fields("tensor", "dtype", "shape", "values");
        if (fields.TryGetValue("tensor", out var name))
        {
            return fields.Count > 1 ? throw json.Wrong("an object with \"tensor\" alone, or with \"dtype\", \"shape\" and \"values\"")
                : file is null ? throw name.Error("names a tensor of a file beside the text, but the text was read alone; load the folder that it stands in")
                : file.Read(name.String());
        }

        if (!SafetensorsDtype.TryParse(json["dtype"].String(), out var dtype, out _)) throw json["dtype"].Wrong($"one of {SafetensorsDtype.Names}");
        long[] shape = [.. json["shape"].Items().Select(size => (long)size.Integer())];
        var values = json["values"].Items();
        if (shape.Any(size => size < 0) || shape.Aggregate(1.0, (product, size) => product * size) != values.Count)
        {
            throw json["values"].Error($"must have a number for each of [{string.Join(", ", shape)}], but has {values.Count}");
        }

        var isFloat = dtype is ScalarType.Float64 or ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16;
        using var scope = NewDisposeScope();
        var flat = dtype == ScalarType.Float64 ? tensor([.. values.Select(value => value.Double())], dtype: float64)
            : isFloat ? tensor([.. values.Select(value => value.Single())], dtype: float32)
            : tensor([.. values.Select(Whole)], dtype: int64);
        var read = flat.to(dtype);
        return isFloat || read.to(int64).eq(flat).all().item<bool>()
            ? read.reshape(shape).MoveToOuterDisposeScope()
            : throw json["values"].Error($"must be numbers of {json["dtype"].String()}, but one does not fit");

        static long Whole(JsonPlace value) => value.Element.IsWhole(out var number) ? number : throw value.Wrong("a whole number");
    }

    private static string[] Numbers(Tensor tensor, string path)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var flat = tensor.detach().cpu().contiguous().view(-1); // [element]
        if (!flat.is_floating_point()) return [.. flat.to(int64).data<long>().Select(value => value.ToString(CultureInfo.InvariantCulture))];
        if (!flat.isfinite().all().item<bool>())
        {
            throw new InterventionException(
                path, $"'{path}' has a number that is not finite, which JSON does not keep. Save the plan as a folder, which does.");
        }

        return flat.dtype == ScalarType.Float64
            ? [.. flat.data<double>().Select(value => value.ToString("R", CultureInfo.InvariantCulture))]
            : [.. flat.to(float32).data<float>().Select(value => value.ToString("R", CultureInfo.InvariantCulture))];
    }
}
