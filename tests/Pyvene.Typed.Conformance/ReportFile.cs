using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pyvene.Typed.Conformance;

/// <summary>Writes one JSON line a case: <c>{"id", "passed", "largest", "message"}</c>.</summary>
internal sealed class ReportFile : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly TextWriter _writer;

    /// <summary>Creates or replaces the file.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public ReportFile(string path) => _writer = new StreamWriter(path) { NewLine = "\n", AutoFlush = true };

    /// <summary>Adds a case.</summary>
    public void Add(CaseResult result) => _writer.WriteLine(Line(result));

    /// <summary>Returns the line of a case. An infinite difference is written as golden data writes it: <c>{"f": "inf"}</c>.</summary>
    public static string Line(CaseResult result)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("id", result.Id);
            json.WriteBoolean("passed", result.Passed);
            json.WritePropertyName("largest");
            if (double.IsFinite(result.Largest))
            {
                json.WriteNumberValue(result.Largest);
            }
            else
            {
                json.WriteStartObject();
                json.WriteString("f", double.IsNaN(result.Largest) ? "nan" : result.Largest > 0 ? "inf" : "-inf");
                json.WriteEndObject();
            }

            json.WriteString("message", result.Message);
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _writer.Dispose();
}
