using System.Globalization;
using System.Text.Json;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Analysis;

/// <summary>Writes and reads prompts as JSON.</summary>
internal static class PromptJson
{
    /// <summary>Writes a prompt, or null for one that is left out.</summary>
    public static void Write(Utf8JsonWriter json, Prompt? prompt)
    {
        if (prompt is null)
        {
            json.WriteNullValue();
            return;
        }

        if (prompt.Inputs is not null)
        {
            throw new InterventionException("prompt", "A prompt of tensors is not kept in JSON. Give texts or token ids, or keep the tensors yourself.");
        }

        json.WriteStartObject();
        json.WriteStartArray(prompt.Texts.IsEmpty ? "tokens" : "texts");
        foreach (var text in prompt.Texts)
        {
            json.WriteStringValue(text);
        }

        foreach (var ids in prompt.TokenIds)
        {
            ConfigWriter.WriteCompact(json, ids.Select(id => id.ToString(CultureInfo.InvariantCulture)));
        }

        json.WriteEndArray();
        if (!prompt.Marks.IsEmpty)
        {
            json.WritePropertyName("marks");
            WriteMarks(json, prompt.Marks.Select(mark => (mark.Key, (IReadOnlyList<Positions>)mark.Value)));
        }

        if (prompt.Decoder is { } decoder)
        {
            json.WritePropertyName("decoder");
            Write(json, decoder);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes the positions that examples mark, by name, as an object.</summary>
    public static void WriteMarks(Utf8JsonWriter json, IEnumerable<(string Name, IReadOnlyList<Positions> Positions)> marks)
    {
        json.WriteStartObject();
        foreach (var (name, positions) in marks.OrderBy(mark => mark.Name, StringComparer.Ordinal))
        {
            json.WriteStartArray(name);
            foreach (var one in positions)
            {
                json.WriteStartObject();
                ConfigWriter.Write(json, "at", one);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <summary>Reads the positions of one mark.</summary>
    public static IReadOnlyList<Positions> ReadMark(JsonPlace json) => [.. json.Items().Select(PositionsOf)];

    /// <summary>Reads a prompt.</summary>
    public static Prompt Read(JsonPlace json)
    {
        var fields = json.Fields("texts", "tokens", "marks", "decoder");
        if (fields.ContainsKey("texts") == fields.ContainsKey("tokens"))
        {
            throw json.Wrong("an object with either \"texts\" or \"tokens\"");
        }

        var prompt = ConfigReader.Guard(json, () => fields.TryGetValue("texts", out var texts)
            ? Prompt.Of([.. texts.Items().Select(item => item.String())])
            : Prompt.OfTokens([.. fields["tokens"].Items().Select(ids => (IReadOnlyList<int>)[.. ids.Items().Select(id => id.Integer())])]));
        prompt = !fields.TryGetValue("marks", out var marks) ? prompt
            : marks.Members().Aggregate(prompt, (marked, mark) => ConfigReader.Guard(
                mark.Value, () => marked.Mark(mark.Name, ReadMark(mark.Value))));
        return fields.TryGetValue("decoder", out var decoder) ? ConfigReader.Guard(decoder, () => prompt.WithDecoder(Read(decoder))) : prompt;
    }

    private static Positions PositionsOf(JsonPlace json)
    {
        json.Fields("at");
        return ConfigReader.PositionsOf(json["at"]);
    }
}
