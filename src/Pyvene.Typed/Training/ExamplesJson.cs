using System.Text.Json;
using Pyvene.Typed.Analysis;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

/// <summary>Writes and reads sets of examples: a list of examples in text, or an object of tensors.</summary>
internal static class ExamplesJson
{
    private static readonly InputField[] Parts = [.. InputField.All.Where(field => !field.IsTarget)];

    /// <summary>Writes a set as a field.</summary>
    /// <param name="json">The writer, inside of an object.</param>
    /// <param name="name">The field's name.</param>
    /// <param name="set">The set.</param>
    /// <param name="tensors">Writes the tensors.</param>
    /// <exception cref="InterventionException">The inputs hold what no text keeps, such as a cache; the message names it.</exception>
    public static void Write(Utf8JsonWriter json, string name, CounterfactualSet set, TensorJson tensors)
    {
        json.WritePropertyName(name);
        if (set.Tensors is { } stored)
        {
            Write(json, name, stored, tensors);
            return;
        }

        json.WriteStartArray();
        foreach (var example in set.Examples)
        {
            json.WriteStartObject();
            json.WritePropertyName("base");
            PromptJson.Write(json, example.Base);
            json.WriteStartArray("sources");
            foreach (var source in example.Sources)
            {
                PromptJson.Write(json, source.Prompt);
            }

            json.WriteEndArray();
            json.WriteString("label", example.Label);
            if (example.BaseLabel is { } label) json.WriteString("base_label", label);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Reads a set; its tensors belong to the current dispose scope.</summary>
    /// <param name="json">The value.</param>
    /// <param name="tensors">Reads the tensors.</param>
    public static CounterfactualSet Read(JsonPlace json, TensorJson tensors)
    {
        if (json.IsArray) return ConfigReader.Guard(json, () => CounterfactualSet.Of([.. json.Items().Select(Example)]));
        var fields = json.Fields("base", "sources", "labels", "given", "base_labels", "marks");
        return ConfigReader.Guard(json, () => CounterfactualSet.OfTensors(
            Inputs(json["base"], tensors),
            [.. json["sources"].Items().Select(source => Inputs(source, tensors))],
            tensors.Read(json["labels"]),
            fields.TryGetValue("given", out var given) ? tensors.Read(given) : null,
            fields.TryGetValue("base_labels", out var labels) ? tensors.Read(labels) : null,
            fields.TryGetValue("marks", out var marks)
                ? [.. marks.Items().Select(part =>
                    part.Members().ToDictionary(mark => mark.Name, mark => PromptJson.ReadMark(mark.Value), StringComparer.Ordinal))]
                : []));
    }

    /// <summary>Returns the tensors of a set.</summary>
    public static IEnumerable<Tensor> TensorsOf(CounterfactualSet set) => set.Tensors is not { } stored ? []
        : stored.Sources.Prepend(stored.Base).SelectMany(inputs => Parts.Select(part => inputs[part]).Concat(inputs.Arguments ?? []))
            .Append(stored.Labels).Append(stored.Given).Append(stored.BaseLabels).OfType<Tensor>();

    private static Counterfactual Example(JsonPlace json)
    {
        json.Fields("base", "sources", "label", "base_label");
        return ConfigReader.Guard(json, () => new Counterfactual(
            PromptJson.Read(json["base"]),
            [.. json["sources"].Items().Select(source => source.Exists ? (SourceInput)PromptJson.Read(source) : Source.Skip)],
            json["label"].String())
        {
            BaseLabel = json["base_label"].OptionalString(),
        });
    }

    private static void Write(Utf8JsonWriter json, string path, ExampleTensors stored, TensorJson tensors)
    {
        json.WriteStartObject();
        Write(json, "base", $"{path}.base", stored.Base, tensors);
        json.WriteStartArray("sources");
        foreach (var (index, source) in stored.Sources.Index())
        {
            Write(json, null, $"{path}.sources.{index}", source, tensors);
        }

        json.WriteEndArray();
        foreach (var (name, tensor) in new[] { ("labels", stored.Labels), ("given", stored.Given), ("base_labels", stored.BaseLabels) })
        {
            if (tensor is null) continue;
            json.WritePropertyName(name);
            tensors.Write(json, $"{path}.{name}", tensor);
        }

        if (stored.Marks.Any(marks => marks.Count > 0))
        {
            json.WriteStartArray("marks");
            foreach (var marks in stored.Marks) PromptJson.WriteMarks(json, marks.Select(mark => (mark.Key, mark.Value)));
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string? name, string path, ModelInputs inputs, TensorJson tensors)
    {
        if (Parts.Aggregate(inputs with { Arguments = null }, (rest, part) => rest.With(part, null)) != new ModelInputs())
        {
            throw new InterventionException(
                path,
                $"'{path}' has more than the tensors that a plan keeps ({string.Join(", ", Parts.Select(part => part.Name))} and arguments), such as a cache, "
                    + "labels or wishes for the output. Leave that out.");
        }

        if (name is null) json.WriteStartObject();
        else json.WriteStartObject(name);
        foreach (var part in Parts)
        {
            if (inputs[part] is not { } tensor) continue;
            json.WritePropertyName(part.Name);
            tensors.Write(json, $"{path}.{part.Name}", tensor);
        }

        if (inputs.Arguments is { } arguments)
        {
            json.WriteStartArray("arguments");
            foreach (var (index, argument) in arguments.Index())
            {
                tensors.Write(json, $"{path}.arguments.{index}", argument);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static ModelInputs Inputs(JsonPlace json, TensorJson tensors)
    {
        var fields = json.Fields([.. Parts.Select(part => part.Name), "arguments"]);
        return Parts.Where(part => fields.ContainsKey(part.Name)).Aggregate(
            new ModelInputs { Arguments = fields.TryGetValue("arguments", out var list) ? [.. list.Items().Select(tensors.Read)] : null },
            (inputs, part) => inputs.With(part, tensors.Read(fields[part.Name])));
    }
}
