using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Pyvene.Typed.Json;

/// <summary>
/// Lists how values become JSON. Each says that it looks into types, because a program of one file switches off that the serialiser does so by itself.
/// </summary>
internal static class JsonForm
{
    /// <summary>Gets the form of the serialiser's defaults.</summary>
    public static JsonSerializerOptions Plain { get; } = new() { TypeInfoResolver = Types };

    /// <summary>Gets the form with a line a member.</summary>
    public static JsonSerializerOptions Indented { get; } = new(Plain) { WriteIndented = true };

    /// <summary>Gets the form that leaves every letter as it is.</summary>
    public static JsonSerializerOptions Relaxed { get; } = new(Plain) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Gets how a value is a line: names with underscores, and numbers that are not finite by name.</summary>
    public static JsonSerializerOptions Line { get; } = new(Plain)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        IgnoreReadOnlyProperties = true,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    private static DefaultJsonTypeInfoResolver Types => new();
}
