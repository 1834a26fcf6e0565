using System.Collections.Immutable;
using System.Text.Json;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;

namespace Pyvene.Typed;

public sealed partial class Metric
{
    /// <summary>The version of the JSON form that this library writes.</summary>
    public const int CurrentVersion = 1;

    private static readonly (MetricKind Kind, string Name)[] Kinds =
    [
        (MetricKind.Probability, "probability"),
        (MetricKind.Logit, "logit"),
        (MetricKind.LogitDifference, "logit_difference"),
        (MetricKind.Rank, "rank"),
        (MetricKind.IsLikeliest, "is_likeliest"),
        (MetricKind.DivergenceFromClean, "divergence_from_clean"),
    ];

    /// <summary>Returns the metric as JSON text; equal metrics are equal texts.</summary>
    /// <exception cref="InterventionException">The metric is a function of your own, which no text keeps.</exception>
    public string ToJson()
    {
        RefuseFunction();
        return ConfigWriter.Text(json => Write(json, isWhole: true));
    }

    /// <summary>Reads a metric from JSON text.</summary>
    /// <param name="json">The text.</param>
    /// <exception cref="InterventionException">The text is malformed, has an unknown field, or another version; the message names the path.</exception>
    public static Metric FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        var text = new ConfigurationText("The metric");
        return Read(JsonText.Parse(json, text), text);
    }

    /// <summary>Refuses a metric that is a function.</summary>
    /// <exception cref="InterventionException">It is one.</exception>
    internal void RefuseFunction()
    {
        if (kind == MetricKind.Own)
        {
            throw new InterventionException(
                "metric",
                $"The metric '{Name}' is a function of your own, which JSON does not keep. Use one of the library's metrics, "
                + "or save without it and give Metric.Of(…) in the program that runs the sweep.");
        }
    }

    /// <summary>Writes the metric, which is no function, as an object.</summary>
    internal void Write(Utf8JsonWriter json, bool isWhole = false)
    {
        json.WriteStartObject();
        if (isWhole) json.WriteNumber("version", CurrentVersion);
        json.WriteString("type", Kinds.First(one => one.Kind == kind).Name);
        WriteTokens("tokens", tokens);
        WriteTokens("others", others);
        json.WriteEndObject();

        void WriteTokens(string name, ImmutableArray<string> all)
        {
            if (all.IsEmpty) return;
            json.WriteStartArray(name);
            foreach (var token in all)
            {
                json.WriteStringValue(token);
            }

            json.WriteEndArray();
        }
    }

    /// <summary>Reads a metric from an object.</summary>
    /// <param name="json">The object.</param>
    /// <param name="whole">The text, when it is this metric alone and so has a version; null = it stands in another.</param>
    internal static Metric Read(JsonPlace json, ConfigurationText? whole = null)
    {
        var fields = whole is null ? json.Fields("type", "tokens", "others") : json.Fields("version", "type", "tokens", "others");
        whole?.CheckVersion(fields, CurrentVersion);
        var type = fields.TryGetValue("type", out var value) ? value : json["type"];
        var name = type.String();
        if (!Array.Exists(Kinds, one => one.Name == name))
        {
            throw type.Wrong($"one of {string.Join(", ", Kinds.Select(one => $"\"{one.Name}\""))}");
        }

        var kind = Kinds.First(one => one.Name == name).Kind;
        var (left, right) = (Texts("tokens"), Texts("others"));
        if (left.Length == 0 != (kind == MetricKind.DivergenceFromClean))
        {
            throw json["tokens"].Error($"must {(left.Length == 0 ? "have at least one token" : "be left out")} for \"{name}\"");
        }

        if (right.Length != (kind == MetricKind.LogitDifference ? left.Length : 0))
        {
            throw json["others"].Error(kind == MetricKind.LogitDifference
                ? $"must have as many tokens as 'tokens', {left.Length}, but has {right.Length}"
                : $"must be left out for \"{name}\"");
        }

        return kind == MetricKind.DivergenceFromClean ? DivergenceFromClean
            : OfTokens(kind, left, kind == MetricKind.LogitDifference ? right : default);

        ImmutableArray<string> Texts(string field) =>
            fields.TryGetValue(field, out var texts) ? [.. texts.Items().Select(item => item.String())] : [];
    }
}
