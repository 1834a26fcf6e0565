using System.Globalization;
using System.Text.Json;
using Pyvene.Typed.Json;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Models;

/// <summary>Applies the recorded transform of a tap to the raw tensor that a hook saw.</summary>
internal static class TapTransform
{
    /// <summary>
    /// Reads the sizes that transforms name, such as <c>n_head</c>: those of the component table, and the whole numbers of the configuration.
    /// </summary>
    /// <param name="folder">The checkpoint's folder.</param>
    public static IReadOnlyDictionary<string, long> ReadSizes(string folder)
    {
        var sizes = new Dictionary<string, long>();
        foreach (var (file, field) in new[] { ("config.json", null), ("components.json", "dims") })
        {
            var path = Path.Combine(folder, file);
            if (!File.Exists(path)) continue;
            using var document = JsonDocument.Parse(PythonNumbers.Plain(File.ReadAllBytes(path)));
            var source = document.RootElement;
            if (field is not null && !source.TryGetProperty(field, out source)) continue;
            foreach (var size in source.EnumerateObject())
            {
                if (size.Value.ValueKind is JsonValueKind.Number && size.Value.TryGetInt64(out var number)) sizes[size.Name] = number;
            }
        }

        return sizes;
    }

    /// <summary>Applies the steps of a transform in order.</summary>
    /// <param name="value">The raw tensor.</param>
    /// <param name="steps">The steps, each an array of a name and its arguments.</param>
    /// <param name="sizes">The sizes that the arguments name.</param>
    /// <param name="inputs">The arguments of the run, which give <c>batch</c> and <c>seq</c>.</param>
    public static Tensor Apply(Tensor value, JsonElement steps, IReadOnlyDictionary<string, long> sizes, ModelInputs inputs)
    {
        var known = new Dictionary<string, long>(sizes);
        if ((inputs.InputIds ?? inputs.InputsEmbeds)?.shape is { } tokens) (known["batch"], known["seq"]) = (tokens[0], tokens[1]);
        foreach (var step in steps.EnumerateArray()) value = Apply(value, step, known);
        return value;
    }

    private static Tensor Apply(Tensor value, JsonElement step, Dictionary<string, long> sizes)
    {
        long Argument(int index) => Size(step[index], sizes);
        var shape = value.shape;
        switch (step[0].GetString())
        {
            case "chunk":
                var width = shape[^1] / Argument(1);
                return value.narrow(-1, Argument(2) * width, width);
            case "split":
                var parts = step[1].EnumerateArray().Select(part => Size(part, sizes)).ToArray();
                var chosen = (int)Argument(2);
                return value.narrow(-1, parts.Take(chosen).Sum(), parts[chosen]);
            case "grouped":
                var (groups, rest) = (Argument(1), shape[^1] / Argument(1) / Argument(2));
                // [batch, position, group·rest]
                return value.reshape([.. shape[..^1], groups, Argument(2), rest]).select(-2, Argument(3)).reshape([.. shape[..^1], groups * rest]);
            case "heads":
                return value.reshape(shape[0], shape[1], Argument(1), shape[2] / Argument(1)).transpose(1, 2); // [batch, head, position, dHead]
            case "tokens":
                return value.reshape(Argument(1), Argument(2), shape[^1]); // [batch, position, d]
            case "channels_first":
                return value.narrow(2, 0, Argument(1)).transpose(1, 2); // [batch, position, d]
            default:
                throw new UnsupportedCaseException($"the transform step {step.GetRawText()} is not supported yet");
        }
    }

    /// <summary>Reads a size: a number, a name, or a sum of products of them such as <c>inner+2*n_groups*state</c>.</summary>
    private static long Size(JsonElement argument, Dictionary<string, long> sizes) => argument.ValueKind is JsonValueKind.Number
        ? argument.GetInt64()
        : argument.GetString()!.Split('+').Sum(term =>
            term.Split('*').Select(factor => Factor(factor.Trim(), sizes)).Aggregate(1L, (product, factor) => product * factor));

    private static long Factor(string factor, Dictionary<string, long> sizes) =>
        long.TryParse(factor, CultureInfo.InvariantCulture, out var number) ? number
        : sizes.TryGetValue(factor, out var size) ? size
        : throw new InvalidDataException($"the component table gives no size '{factor}'");
}
